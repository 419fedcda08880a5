/** Requests to Cloudflare's API v4 (https://developers.cloudflare.com/api/): its envelope, and its ways to say no. */
import type { DnsCode, DnsRun } from '../../../server/dns/contract.js';
import { plainLine } from '../../../server/ssh/text.js';
import { settingsOf } from './settings.js';

/** A failure of the contract; `codes` are the API's own. */
export interface ApiFailure extends Error {
  code: DnsCode;
  hint: string;
  codes: number[];
}

interface Envelope {
  success?: boolean;
  errors?: { code?: number; message?: string }[];
  result?: unknown;
  result_info?: { total_pages?: number };
}

export interface Page<T> {
  result: T;
  pages: number;
}

/** That the token is not of the right form, unknown, expired, or may not do this. */
const REFUSALS = [6003, 6111, 9103, 9106, 9109, 10000];
const TOKEN_HINT = 'Check the API token: it needs Zone:Read and DNS:Edit for this zone.';
const MAX_BODY = 2_000_000;

export function apiFailure(
  code: DnsCode,
  message: string,
  hint: string,
  more: { codes?: number[]; cause?: unknown } = {},
): ApiFailure {
  return Object.assign(new Error(message, { cause: more.cause }), { code, hint, codes: more.codes ?? [] });
}

async function fetched(
  run: DnsRun,
  path: string,
  init: { method: string; body?: string },
): Promise<[Response, string]> {
  const { apiToken, apiUrl, timeoutSeconds } = settingsOf(run);
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = AbortSignal.any([run.signal, limit]);
  const headers = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' };
  try {
    // A redirect could lead the token elsewhere.
    const response = await fetch(apiUrl.replace(/\/$/, '') + path, { ...init, headers, signal, redirect: 'manual' });
    return [response, (await response.text()).slice(0, MAX_BODY)];
  } catch (cause) {
    run.signal.throwIfAborted();
    const { cause: deeper } = cause as { cause?: { code?: unknown } };
    const why = limit.aborted
      ? `did not answer within ${timeoutSeconds} s`
      : `can’t be reached (${plainLine(String(deeper?.code ?? 'no connection'), 60)})`;
    const hint = 'Check that Signalbox may reach the address of the API.';
    throw apiFailure('DNS_UNREACHABLE', `Cloudflare’s API ${why}.`, hint, { cause });
  }
}

function envelopeOf(status: number, text: string): Envelope {
  try {
    const envelope: unknown = JSON.parse(text);
    if (envelope !== null && typeof envelope === 'object') return envelope;
  } catch (cause) {
    throw apiFailure('DNS_FAILED', `Cloudflare’s API answered ${status} with what is no JSON.`, 'Check its address.', {
      cause,
    });
  }
  throw apiFailure('DNS_FAILED', `Cloudflare’s API answered ${status} with no object.`, 'Check its address.');
}

function refusal(status: number, { errors = [] }: Envelope): ApiFailure {
  const codes = errors.map(({ code }) => Number(code));
  const words = errors.map(({ code, message }) => `${plainLine(String(message))} (${Number(code)})`).join('; ');
  const said = `Cloudflare’s API answered ${status}${words ? `: ${words}` : ''}.`;
  if (status === 401 || status === 403 || codes.some((code) => REFUSALS.includes(code)))
    return apiFailure('DNS_REFUSED', said, TOKEN_HINT, { codes });
  if (status === 429) return apiFailure('DNS_FAILED', said, 'Wait some minutes: its limit of requests is reached.');
  return apiFailure('DNS_FAILED', said, 'See what it says, and the status page of Cloudflare.', { codes });
}

/** Rejects with an ApiFailure, or with the reason of the run's signal. */
export async function call<T>(run: DnsRun, method: string, path: string, body?: object): Promise<Page<T>> {
  const init = { method, ...(body ? { body: JSON.stringify(body) } : {}) };
  const [{ status, ok }, text] = await fetched(run, path, init);
  const envelope = envelopeOf(status, text);
  if (!ok || envelope.success !== true) throw refusal(status, envelope);
  return { result: envelope.result as T, pages: envelope.result_info?.total_pages ?? 1 };
}
