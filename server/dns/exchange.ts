/** One question to one server: over UDP, and over TCP where the reply did not fit (RFC 1035 §4.2, RFC 7766). */
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { NameServer } from './name-server.js';
import { message, type Message, type Question, type Reply } from './message.js';

export interface Patience {
  signal: AbortSignal;
  /** For each attempt. */
  timeoutMs: number;
  /** Over UDP; datagrams get lost. */
  attempts: number;
}

type Settle = (reply: Reply | null) => void;

/** Runs one attempt to its end: a reply, or null for silence. `begin` answers with what ends it. */
function attempt({ signal, timeoutMs }: Patience, begin: (settle: Settle) => () => void): Promise<Reply | null> {
  return new Promise((resolve, reject) => {
    const close = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      end();
    };
    const settle = (reply: Reply | null) => {
      close();
      resolve(reply);
    };
    const abort = () => {
      close();
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => settle(null), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    const end = begin(settle);
  });
}

/** Refused, no route, no such network: all of it is silence. */
function overUdp({ address, port }: NameServer, asked: Message, patience: Patience): Promise<Reply | null> {
  return attempt(patience, (settle) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    let open = true;
    socket.on('error', () => open && settle(null));
    socket.on('message', (bytes) => {
      const reply = asked.read(bytes);
      if (reply && open) settle(reply);
    });
    // Connected, it takes datagrams of this server only, and hears that a port is closed.
    socket.connect(port, address, () => open && socket.send(asked.bytes));
    return () => {
      open = false;
      socket.close();
    };
  });
}

function overTcp({ address, port }: NameServer, asked: Message, patience: Patience): Promise<Reply | null> {
  return attempt(patience, (settle) => {
    const socket = connect({ host: address, port });
    let received = Buffer.alloc(0);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(asked.bytes.length);
    socket.on('error', () => settle(null));
    socket.on('close', () => settle(null));
    socket.once('connect', () => socket.write(Buffer.concat([length, asked.bytes])));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const whole = received.length >= 2 && received.length >= 2 + received.readUInt16BE(0);
      if (whole) settle(asked.read(received.subarray(2, 2 + received.readUInt16BE(0))));
    });
    return () => socket.destroy();
  });
}

/** The reply; null where the server is silent or out of reach. Rejects only with the reason of the signal. */
export async function ask(
  server: NameServer,
  question: Question,
  recursion: boolean,
  patience: Patience,
): Promise<Reply | null> {
  for (let left = patience.attempts; left > 0; left -= 1) {
    patience.signal.throwIfAborted();
    const asked = await message(question, recursion);
    const reply = await overUdp(server, asked, patience);
    if (reply) return reply.truncated ? overTcp(server, asked, patience) : reply;
  }
  return null;
}
