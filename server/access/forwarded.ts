/** The client's own address behind the proxies of SIGNALBOX_TRUSTED_PROXIES; nobody else's forwarded headers count. */
import type { IncomingMessage } from 'node:http';
import type { Plugin } from '@hapi/hapi';
import proxyAddress from 'proxy-addr';

/** The address that is the client's as far as the trusted proxies vouch for it. */
export function addressFrom(trustedProxies: string[]): (request: IncomingMessage) => string {
  const trusted = proxyAddress.compile(trustedProxies);
  return (request) => proxyAddress(request, trusted);
}

export const forwarded: Plugin<{ addressOf: (request: IncomingMessage) => string }> = {
  name: 'signalbox-forwarded',
  register(server, { addressOf }) {
    server.ext('onRequest', (request, h) => {
      // Without it the address is the peer's, and hapi has that.
      if (request.headers['x-forwarded-for'] === undefined) return h.continue;
      const value = addressOf(request.raw.req);
      // Limits and audit rows read this; without the change they would see the proxy.
      Object.defineProperty(request.info, 'remoteAddress', { value, configurable: true });
      return h.continue;
    });
  },
};
