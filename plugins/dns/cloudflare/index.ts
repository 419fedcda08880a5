/** Records in zones at Cloudflare. */
import { createHash } from 'node:crypto';
import type { Plugin } from '@hapi/hapi';
import type { DnsProvider } from '../../../server/dns/contract.js';
// For the type of server.dnsProvider() only.
import type {} from '../../../server/dns/registry.js';
import { place, remove } from './records.js';
import { settings } from './settings.js';

/** Always the same, so that a check cleans up after another. */
const CHECK_VALUE = createHash('sha256').update('signalbox-check').digest('base64url');
const CLEANUP_TIMEOUT_MS = 10_000;

export const provider: DnsProvider = {
  name: 'cloudflare',
  title: 'Cloudflare',
  settings,
  secrets: ['apiToken'],
  place,
  remove,
  async check(run, name) {
    const record = { name, value: CHECK_VALUE };
    const cleanUp = () => remove({ ...run, signal: AbortSignal.timeout(CLEANUP_TIMEOUT_MS) }, record);
    try {
      await place(run, record);
    } catch (error) {
      // An answer that was not heard may have been a yes; the failure that counts is the first one.
      await Promise.allSettled([cleanUp()]);
      throw error;
    }
    await cleanUp();
  },
};

export const plugin: Plugin<void> = {
  name: 'signalbox-dns-cloudflare',
  register(server) {
    server.dnsProvider(provider);
  },
};
