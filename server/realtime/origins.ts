/** From which pages a browser may open the socket. A program sends no origin and is let in: nothing authenticates by cookie. */
import type { IncomingMessage } from 'node:http';
import type { RealtimeOptions } from './contract.js';

/** An origin exactly as a browser sends it, or null; `null` (a sandboxed page, a file) is none. */
function parseOrigin(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.origin === text ? url : null;
}

/** Whether the page was served by this very host; the scheme may differ, as TLS may end before us. */
function isOwnHost(origin: URL, host: string | undefined): boolean {
  const own = `${origin.protocol}//${host ?? ''}`;
  return URL.canParse(own) && new URL(own).origin === origin.origin;
}

/** `null` on either side never matches. */
const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null);

export function isAllowedOrigin(
  origin: string | undefined,
  request: IncomingMessage,
  config: Pick<RealtimeOptions['config'], 'publicUrl' | 'allowedOrigins'>,
): boolean {
  if (origin === undefined) return true;
  const url = parseOrigin(origin);
  if (!url) return false;
  if (isOwnHost(url, request.headers.host)) return true;
  return [config.publicUrl ?? '', ...config.allowedOrigins].some((allowed) => originOf(allowed) === origin);
}
