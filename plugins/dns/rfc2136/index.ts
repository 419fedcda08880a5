/** Records by dynamic update with TSIG: BIND, Knot, PowerDNS, Windows and others. */
import { createHash } from 'node:crypto';
import type { Plugin } from '@hapi/hapi';
import type { DnsProvider } from '../../../server/dns/contract.js';
// For the type of server.dnsProvider() only.
import type {} from '../../../server/dns/registry.js';
import { settings } from './settings.js';
import { assertShown, place, remove } from './update.js';

/** Always the same, so that a check cleans up after another. */
const CHECK_VALUE = createHash('sha256').update('signalbox-check').digest('base64url');
const CLEANUP_TIMEOUT_MS = 10_000;

export const provider: DnsProvider = {
  name: 'rfc2136',
  title: 'Dynamic update (RFC 2136)',
  settings,
  secrets: ['secret'],
  place,
  remove,
  async check(run, name) {
    const record = { name, value: CHECK_VALUE };
    const cleanUp = () => remove({ ...run, signal: AbortSignal.timeout(CLEANUP_TIMEOUT_MS) }, record);
    try {
      await place(run, record);
      await assertShown(run, record);
    } catch (error) {
      // An answer that was not heard may have been a yes; the failure that counts is the first one.
      await Promise.allSettled([cleanUp()]);
      throw error;
    }
    await cleanUp();
  },
};

export const plugin: Plugin<void> = {
  name: 'signalbox-dns-rfc2136',
  register(server) {
    server.dnsProvider(provider);
  },
};
