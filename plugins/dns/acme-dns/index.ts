/** Records at an acme-dns, which keeps a name of its own; the zone delegates to it by one CNAME that stays. */
import type { Plugin } from '@hapi/hapi';
import type { DnsProvider } from '../../../server/dns/contract.js';
// For the type of server.dnsProvider() only.
import type {} from '../../../server/dns/registry.js';
import { settings } from './settings.js';
import { delegated, shows } from './sight.js';
import { knock, update } from './update.js';

export const provider: DnsProvider = {
  name: 'acme-dns',
  title: 'acme-dns',
  settings,
  secrets: ['password'],
  followsCname: false,
  async place(run, { value }) {
    // It keeps the two newest values: the same one twice would push out the other one.
    if (!(await shows(run, value))) await update(run, value);
  },
  remove(run) {
    run.log(
      'An acme-dns can’t remove a value: it keeps the two newest ones, and the next renewal replaces them.',
      'note',
    );
    return Promise.resolve();
  },
  async check(run, name) {
    await knock(run);
    await delegated(run, name);
  },
};

export const plugin: Plugin<void> = {
  name: 'signalbox-dns-acme-dns',
  register(server) {
    server.dnsProvider(provider);
  },
};
