/** HTTPS to a server whose certificate only the test knows; from an address of the loopback where it matters who asks. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { Fetch } from './house.js';

export interface Trust {
  /** The certificate that is believed, as PEM. */
  ca: string;
  /** The address to come from, such as 127.0.0.5. */
  localAddress?: string;
}

/** `fetch` as far as the tests need it; each request has a connection of its own. */
export function fetchTrusting(trust: Trust): Fetch {
  return async (url, { method = 'GET', headers = {}, body, signal }) => {
    const asked = request(url, {
      ...trust,
      ...(signal ? { signal } : {}),
      agent: false,
      method,
      headers: Object.fromEntries(new Headers(headers)),
    });
    asked.end(body ?? undefined);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const content = await buffer(answer);
    const pairs = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
    return new Response(content.length > 0 ? content : null, { status: answer.statusCode ?? 0, headers: pairs });
  };
}
