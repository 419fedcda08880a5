/** What GET /dns-providers answers with. */
import type { PublishedDnsProvider } from '../../dns/contract.js';
import { anything, flag, list, record, ref, text } from '../words.js';

export const dnsProviderShapes = {
  PublishedDnsProvider: record<PublishedDnsProvider>('A place where TXT records can be set.', {
    name: text('Its name, as a DNS credential has it in `provider`.'),
    title: text('Its name for people.'),
    settings: anything('JSON Schema (2020-12) of a credential’s `settings`.'),
    secrets: list(text('A key of the settings.'), 'What is sealed, and never shown again.'),
    manual: flag('Whether a person sets the record.'),
  }),
  PublishedDnsProviders: record<{ dnsProviders: PublishedDnsProvider[] }>('The DNS providers.', {
    dnsProviders: list(ref('PublishedDnsProvider'), 'By title.'),
  }),
};
