/** The DNS provider of a connection; its calls fail with a DnsError, which says itself what to do. */
import type { CheckedDnsProvider, DnsRun } from '../../../server/dns/contract.js';
import { fail, type Chain } from './context.js';

export async function dnsOf(
  { context, desk, settings }: Chain,
  credentialId: number | null = settings.dnsCredentialId,
  signal: AbortSignal = context.signal,
): Promise<{ provider: CheckedDnsProvider; run: DnsRun }> {
  if (credentialId === null)
    return fail(context, 'INSTALL_SETTINGS_MISSING', 'The certificate settings name no DNS credential for dns-01.');
  const { provider, settings: opened } = await desk.dns(credentialId);
  return { provider, run: { settings: opened, signal, log: (text, stream) => context.log(text, stream) } };
}
