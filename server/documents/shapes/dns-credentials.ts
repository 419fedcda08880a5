/** What the routes of DNS credentials answer with. */
import type { DnsCredential } from '../../dns/contract.js';
import { anything, flag, list, moment, record, ref, text, whole } from '../words.js';

export const dnsCredentialShapes = {
  DnsCredential: record<DnsCredential>('What a DNS provider wants to know to set records. Secrets never come out.', {
    id: whole('The credential.', { minimum: 1 }),
    name: text('What people call it.'),
    provider: text('A name of GET /dns-providers.'),
    settings: anything('As `settings` of GET /dns-providers describes, without the secret ones.'),
    storedSecrets: list(text('A setting.'), 'Which secret settings are stored.'),
    usedBy: whole('How many connections refer to it.', { minimum: 0 }),
    createdAt: moment('When it was added.'),
    updatedAt: moment('When it was last changed.'),
  }),
  DnsCredentials: record<{ dnsCredentials: DnsCredential[] }>('The DNS credentials.', {
    dnsCredentials: list(ref('DnsCredential'), 'By name.'),
  }),
  DnsCheck: record<{ ok: true }>('The credential works for this name.', {
    ok: flag('Always true.', { const: true }),
  }),
};
