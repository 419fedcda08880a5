/** Which pages a token for widgets may be used by, and which ones can be named when it is made. */
import type { IncomingHttpHeaders } from 'node:http';
import type { EmbedScope } from './contract.js';

const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null);

/** Whether an origin is that of the host a request came to; the scheme may differ, as TLS may end before us. */
function isOwnHost(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  return originOf(`${new URL(origin).protocol}//${host}`) === origin;
}

export interface KnownOrigins {
  publicUrl: string | null;
  allowedOrigins: readonly string[];
}

/** Whether CORS and the socket let in pages of this origin at all. */
export function isKnownOrigin(origin: string, host: string | undefined, known: KnownOrigins): boolean {
  if (isOwnHost(origin, host)) return true;
  return [known.publicUrl ?? '', ...known.allowedOrigins].some((allowed) => originOf(allowed) === origin);
}

/** Whether a page of this origin may use the token; undefined: no browser said where it comes from. */
export function isListedOrigin({ origins }: EmbedScope, origin: string | undefined): boolean {
  return origins.length === 0 || (origin !== undefined && origins.includes(origin));
}

/**
 * Where a request comes from, among the origins of the token. To read from its own origin a browser sends no Origin, but it says
 * `same-origin` (Fetch Metadata; a page can't set either header).
 */
export function originIn(headers: IncomingHttpHeaders, { origins }: EmbedScope): string | undefined {
  const { origin, host } = headers;
  if (origin !== undefined || headers['sec-fetch-site'] !== 'same-origin') return origin;
  return origins.find((listed) => isOwnHost(listed, host));
}
