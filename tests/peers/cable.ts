/** The cable between people and a server: pulled, nothing gets through any more; plugged in, it is as before. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Cable {
  readonly port: number;
  /** Where it leads to; known only once that runs. */
  leadTo(port: number): void;
  pull(): void;
  plug(): void;
  stop(): Promise<void>;
}

export async function startCable(): Promise<Cable> {
  const sockets = new Set<Socket>();
  let isPulled = false;
  let target = 0;
  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  };
  const server = createServer((client) => {
    if (isPulled) return void client.resetAndDestroy();
    const upstream = connect(target, '127.0.0.1');
    join(client, upstream);
    join(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (port) => (target = port),
    pull() {
      isPulled = true;
      cut();
    },
    plug: () => (isPulled = false),
    async stop() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
