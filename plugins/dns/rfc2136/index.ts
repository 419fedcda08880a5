/** Records by dynamic update with TSIG: BIND, Knot, PowerDNS, Windows and others. */
import type { Plugin } from '@hapi/hapi';
import type { DnsProvider } from '../../../server/dns/contract.js';
// For the type of server.dnsProvider() only.
import type {} from '../../../server/dns/registry.js';
import { settings } from './settings.js';
import { assertShown, place, remove } from './update.js';

export const provider: DnsProvider = {
  name: 'rfc2136',
  title: 'Dynamic update (RFC 2136)',
  settings,
  secrets: ['secret'],
  place,
  remove,
  confirm: assertShown,
};

export const plugin: Plugin<void> = {
  name: 'signalbox-dns-rfc2136',
  register(server) {
    server.dnsProvider(provider);
  },
};
