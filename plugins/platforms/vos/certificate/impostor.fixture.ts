/** A TLS server that is no lab: it shows the certificate that a test gives it, remembers every call and answers as told. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';

export interface Heard {
  call: string;
  authorization: string | undefined;
  body: string;
}

export type Behaviour = (heard: Heard, response: ServerResponse, request: IncomingMessage) => void;

export interface Impostor {
  port: number;
  heard: Heard[];
  /** TCP connections that came so far. */
  connections: number;
  /** Resolves when no connection is open. */
  quiet(): Promise<void>;
}

export async function impostor(t: Test, identity: { key: string; cert: string }, behave: Behaviour): Promise<Impostor> {
  const sockets = new Set<Socket>();
  const server = createServer(identity, (request, response) => {
    void text(request).then((body) => {
      const heard = { call: `${request.method} ${request.url}`, authorization: request.headers.authorization, body };
      it.heard.push(heard);
      behave(heard, response, request);
    });
  });
  const it = {
    port: 0,
    heard: [] as Heard[],
    connections: 0,
    async quiet() {
      for (const socket of sockets) if (!socket.closed) await once(socket, 'close');
    },
  };
  server.on('connection', (socket: Socket) => {
    it.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  it.port = (server.address() as AddressInfo).port;
  return it;
}
