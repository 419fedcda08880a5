/** Records that a person sets: the chain shows what to set, waits, and sees it by itself. */
import type { Plugin } from '@hapi/hapi';
import Joi from 'joi';
import type { DnsProvider } from '../../../server/dns/contract.js';
// For the type of server.dnsProvider() only.
import type {} from '../../../server/dns/registry.js';

const nothing = () => Promise.resolve();

export const provider: DnsProvider = {
  name: 'manual',
  title: 'By hand',
  settings: Joi.object({}),
  secrets: [],
  manual: true,
  place: nothing,
  remove: nothing,
  check: nothing,
};

export const plugin: Plugin<void> = {
  name: 'signalbox-dns-manual',
  register(server) {
    server.dnsProvider(provider);
  },
};
