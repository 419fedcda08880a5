/** POST /update of an acme-dns (https://github.com/joohoi/acme-dns#update-endpoint). */
import type { DnsRun } from '../../../server/dns/contract.js';
import { plainLine } from '../../../server/ssh/text.js';
import { failure } from './failure.js';
import { settingsOf } from './settings.js';

/** The status; rejects where there is none. */
async function post(run: DnsRun, txt: string): Promise<number> {
  const { serverUrl, username, password, subdomain, timeoutSeconds } = settingsOf(run);
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const headers = { 'content-type': 'application/json', 'x-api-user': username, 'x-api-key': password };
  try {
    const response = await fetch(`${serverUrl.replace(/\/$/, '')}/update`, {
      ...{ method: 'POST', headers, body: JSON.stringify({ subdomain, txt }) },
      signal: AbortSignal.any([run.signal, limit]),
      // A redirect could lead the password elsewhere.
      redirect: 'manual',
    });
    await response.body?.cancel();
    return response.status;
  } catch (cause) {
    run.signal.throwIfAborted();
    const { cause: deeper } = cause as { cause?: { code?: unknown } };
    const why = limit.aborted
      ? `did not answer within ${timeoutSeconds} s`
      : `can’t be reached (${plainLine(String(deeper?.code ?? 'no connection'), 60)})`;
    throw failure('DNS_UNREACHABLE', `The acme-dns ${why}.`, 'Check its address and that it runs.', cause);
  }
}

function refuse(status: number): never {
  const said = `The acme-dns answered ${status}.`;
  if (status === 401 || status === 403)
    throw failure(
      'DNS_REFUSED',
      said,
      'Check username, password and subdomain, and the networks that the account was registered for.',
    );
  throw failure('DNS_FAILED', said, 'Check its address, and see in its log what went wrong.');
}

/** Sets a value in place of the older one of the two. */
export async function update(run: DnsRun, value: string): Promise<void> {
  const status = await post(run, value);
  if (status !== 200) refuse(status);
}

/**
 * Whether the account is let in, found out without a change: it looks at the account first (401), and then refuses a value
 * that is none (400).
 */
export async function knock(run: DnsRun): Promise<void> {
  const status = await post(run, 'signalbox-check');
  if (status !== 400) refuse(status);
}
