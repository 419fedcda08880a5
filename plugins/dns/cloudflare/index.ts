/** Records in zones at Cloudflare. */
import type { Plugin } from '@hapi/hapi';
import type { DnsProvider } from '../../../server/dns/contract.js';
// For the type of server.dnsProvider() only.
import type {} from '../../../server/dns/registry.js';
import { place, remove } from './records.js';
import { settings } from './settings.js';

export const provider: DnsProvider = {
  name: 'cloudflare',
  title: 'Cloudflare',
  settings,
  secrets: ['apiToken'],
  place,
  remove,
};

export const plugin: Plugin<void> = {
  name: 'signalbox-dns-cloudflare',
  register(server) {
    server.dnsProvider(provider);
  },
};
