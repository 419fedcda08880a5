/** A proxy such as companies have: requests pass, and WebSockets as long as it is told to let them. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface Turnstile {
  /** host:port */
  readonly host: string;
  /** False: upgrades are answered by 403, and the sockets that got through are cut. */
  letSockets(through: boolean): void;
  /** How many upgrades it has refused. */
  refused(): number;
  stop(): Promise<void>;
}

/** The request as it came, for the other side. */
function textOf({ method, url, rawHeaders }: IncomingMessage): string {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
  return [`${method} ${url} HTTP/1.1`, ...pairs, '', ''].join('\r\n');
}

export async function startTurnstile(port: number): Promise<Turnstile> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  let refusals = 0;
  const track = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    socket.pipe(other);
  };
  const server = createServer((asked, answered) => {
    const { method, url, headers } = asked;
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, (answer) => {
      answered.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(answered);
    });
    passed.on('error', () => answered.destroy());
    answered.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  server.on('upgrade', (asked: IncomingMessage, client: Socket, head: Buffer) => {
    if (!isOpen) {
      refusals += 1;
      return void client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    }
    const upstream = connect(port, '127.0.0.1');
    upstream.write(textOf(asked));
    upstream.write(head);
    track(client, upstream);
    track(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    letSockets(through) {
      isOpen = through;
      if (!through) cut();
    },
    refused: () => refusals,
    async stop() {
      server.close();
      server.closeAllConnections();
      cut();
      await once(server, 'close');
    },
  };
}
