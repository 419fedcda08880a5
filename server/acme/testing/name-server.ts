/** A name server on the loopback: every name has the address 127.0.0.1, and the TXT records that a test gives it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import dnsPacket from 'dns-packet';

export interface NameServer {
  /** `127.0.0.1:5353` */
  readonly address: string;
  /** By name. */
  readonly txt: Map<string, string[]>;
  /** Names that have no address. */
  readonly empty: Set<string>;
  stop(): Promise<void>;
}

export async function startNameServer(): Promise<NameServer> {
  const txt = new Map<string, string[]>();
  const empty = new Set<string>();
  const socket = createSocket('udp4');
  const answersTo = (type: string, name: string): dnsPacket.Answer[] => {
    if (type === 'A' && !empty.has(name)) return [{ type: 'A', name, ttl: 0, data: '127.0.0.1' }];
    if (type !== 'TXT') return [];
    return (txt.get(name) ?? []).map((data) => ({ type: 'TXT', name, ttl: 0, data }));
  };
  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = dnsPacket.decode(message);
    const answers = questions.flatMap(({ type, name }) => answersTo(type, name.toLowerCase()));
    const flags = dnsPacket.AUTHORITATIVE_ANSWER | dnsPacket.RECURSION_AVAILABLE;
    socket.send(
      dnsPacket.encode({ type: 'response', ...(id === undefined ? {} : { id }), flags, questions, answers }),
      port,
      address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    txt,
    empty,
    async stop() {
      socket.close();
      await once(socket, 'close');
    },
  };
}
