/** Records that somebody else's program sets: it is told by a POST what to set and what to remove. */
import { createHash } from 'node:crypto';
import type { Plugin } from '@hapi/hapi';
import type { DnsProvider, DnsRun, TxtRecord } from '../../../server/dns/contract.js';
// For the type of server.dnsProvider() only.
import type {} from '../../../server/dns/registry.js';
import { post } from './call.js';
import { settings } from './settings.js';

/** Of the form of a real answer, as a receiver may look at that; always the same, so that a check cleans up after another. */
const CHECK_VALUE = createHash('sha256').update('signalbox-check').digest('base64url');
const CLEANUP_TIMEOUT_MS = 10_000;

const place = (run: DnsRun, { name: fqdn, value }: TxtRecord) => post(run, { action: 'present', fqdn, value });
const remove = (run: DnsRun, { name: fqdn, value }: TxtRecord) => post(run, { action: 'cleanup', fqdn, value });

export const provider: DnsProvider = {
  name: 'webhook',
  title: 'Webhook',
  settings,
  secrets: ['bearerToken', 'hmacKey'],
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
  name: 'signalbox-dns-webhook',
  register(server) {
    server.dnsProvider(provider);
  },
};
