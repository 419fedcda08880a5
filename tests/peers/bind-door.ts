/**
 * Port 53 of an address in 127.0.0.0/8 as the way to a server on another port: named itself listens only on addresses that an
 * interface names, and to add one would take more than root in a container.
 */
import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Door {
  readonly address: string;
  /** Where to. */
  lead(port: number): void;
  close(): Promise<void>;
}

interface Pair {
  udp: UdpSocket;
  tcp: ReturnType<typeof createServer>;
}

async function bindPair(address: string): Promise<Pair | null> {
  const [udp, tcp] = [createSocket('udp4'), createServer()];
  try {
    await once(udp.bind(53, address), 'listening');
    await once(tcp.listen(53, address), 'listening');
    return { udp, tcp };
  } catch (error) {
    udp.close();
    tcp.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
}

/** An address of one's own, reached over UDP and TCP; until it leads anywhere it is silent. Needs root. */
export async function openDoor(): Promise<Door> {
  const address = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
  const pair = await bindPair(address);
  if (!pair) return openDoor();
  const { udp, tcp } = pair;
  let port: number | null = null;
  const questions = new Set<UdpSocket>();
  const streams = new Set<Socket>();

  const ask = (message: Buffer, { address: client, port: clientPort }: RemoteInfo) => {
    if (port === null) return;
    const question = createSocket('udp4');
    questions.add(question);
    question.on('close', () => questions.delete(question));
    // A server that is down refuses, as it would without a door.
    question.on('error', () => question.close());
    question.once('message', (answer) => {
      udp.send(answer, clientPort, client);
      question.close();
    });
    question.connect(port, '127.0.0.1', () => question.send(message));
  };
  const keep = (stream: Socket) => {
    streams.add(stream);
    stream.on('error', () => stream.destroy());
    stream.on('close', () => streams.delete(stream));
    return stream;
  };

  udp.on('message', ask);
  tcp.on('connection', (client) => {
    keep(client);
    if (port === null) return;
    const server = keep(connect(port, '127.0.0.1'));
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    client.pipe(server).pipe(client);
  });
  return {
    address,
    lead: (to) => void (port = to),
    async close() {
      for (const question of questions) question.close();
      for (const stream of streams) stream.destroy();
      const closed = [once(udp, 'close'), once(tcp, 'close')];
      udp.close();
      tcp.close();
      await Promise.all(closed);
    },
  };
}
