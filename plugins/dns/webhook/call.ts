/** One POST to the webhook: any 2xx is a yes, everything else a failure with its reason. */
import { createHmac } from 'node:crypto';
import type { DnsCode, DnsRun } from '../../../server/dns/contract.js';
import { plainLine } from '../../../server/ssh/text.js';
import { settingsOf, type WebhookSettings } from './settings.js';

/** What is posted, as JSON. */
export interface Change {
  action: 'present' | 'cleanup';
  fqdn: string;
  value: string;
}

const failure = (code: DnsCode, message: string, hint: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code, hint });

/**
 * `X-Signalbox-Signature: sha256=` and, in hexadecimal, HMAC-SHA-256 of the timestamp (Unix seconds), a full stop and the body;
 * with the timestamp in it, a receiver can tell an old request that somebody sends again.
 */
function headersOf({ bearerToken, hmacKey }: WebhookSettings, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', hmacKey).update(`${timestamp}.${body}`).digest('hex');
  return {
    'content-type': 'application/json',
    'x-signalbox-timestamp': timestamp,
    ...(bearerToken === '' ? {} : { authorization: `Bearer ${bearerToken}` }),
    ...(hmacKey === '' ? {} : { 'x-signalbox-signature': `sha256=${signature}` }),
  };
}

async function send(run: DnsRun, body: string): Promise<Response> {
  const settings = settingsOf(run);
  const limit = AbortSignal.timeout(settings.timeoutSeconds * 1000);
  const signal = AbortSignal.any([run.signal, limit]);
  try {
    // A redirect could lead the secret elsewhere.
    const init = { method: 'POST', headers: headersOf(settings, body), body, signal, redirect: 'manual' } as const;
    return await fetch(settings.url, init);
  } catch (cause) {
    run.signal.throwIfAborted();
    const why = limit.aborted
      ? `did not answer within ${settings.timeoutSeconds} s`
      : `can’t be reached (${reasonOf(cause)})`;
    throw failure('DNS_UNREACHABLE', `The webhook ${why}.`, 'Check its address and that it runs.', cause);
  }
}

/** Such as ECONNREFUSED or CERT_HAS_EXPIRED. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return plainLine(String(cause?.code ?? 'no connection'), 60);
}

/** Rejects with a failure of the contract, or with the reason of the run's signal. */
export async function post(run: DnsRun, change: Change): Promise<void> {
  const response = await send(run, JSON.stringify(change));
  // What it says is not read: its own log is the place for that, and a status is enough here.
  await response.body?.cancel();
  const { status } = response;
  if (response.ok) return;
  const said = `The webhook answered ${status} to ${change.action}.`;
  if (status === 401 || status === 403)
    throw failure('DNS_REFUSED', said, 'Check the bearer token and the HMAC key on both sides.');
  if (status >= 300 && status < 400)
    throw failure('DNS_FAILED', `${said} Redirects are not followed.`, 'Enter the address that it leads to.');
  throw failure('DNS_FAILED', said, 'See in the log of the webhook what went wrong.');
}
