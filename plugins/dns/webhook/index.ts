/** Records that somebody else's program sets: it is told by a POST what to set and what to remove. */
import type { Plugin } from '@hapi/hapi';
import type { DnsProvider, DnsRun, TxtRecord } from '../../../server/dns/contract.js';
// For the type of server.dnsProvider() only.
import type {} from '../../../server/dns/registry.js';
import { post } from './call.js';
import { settings } from './settings.js';

const place = (run: DnsRun, { name: fqdn, value }: TxtRecord) => post(run, { action: 'present', fqdn, value });
const remove = (run: DnsRun, { name: fqdn, value }: TxtRecord) => post(run, { action: 'cleanup', fqdn, value });

export const provider: DnsProvider = {
  name: 'webhook',
  title: 'Webhook',
  settings,
  secrets: ['bearerToken', 'hmacKey'],
  place,
  remove,
};

export const plugin: Plugin<void> = {
  name: 'signalbox-dns-webhook',
  register(server) {
    server.dnsProvider(provider);
  },
};
