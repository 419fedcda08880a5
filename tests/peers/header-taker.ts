/** A server behind a proxy that tells what reached it, and upgrades whatever asks for it. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Taken {
  url: string;
  upgraded: boolean;
  headers: IncomingHttpHeaders;
}

export interface HeaderTaker {
  host: string;
  /** What came, in order. */
  taken: Taken[];
  stop(): Promise<void>;
}

export async function startHeaderTaker(): Promise<HeaderTaker> {
  const taken: Taken[] = [];
  const note = ({ url = '', headers }: IncomingMessage, upgraded: boolean) => taken.push({ url, upgraded, headers });
  const server = createServer((request, response) => {
    note(request, false);
    response.end('taken');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    note(request, true);
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
