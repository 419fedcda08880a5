/** The cheapest client there is, for sockets by the thousand: TCP, a fixed handshake, and frames whose mask is zero. */
import { connect, type Socket } from 'node:net';

const HANDSHAKE =
  'GET /realtime HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n';
const CLOSE = 0x88;
const LONG = 126;

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const size = payload.length;
  const length = size < LONG ? [0x80 | size] : [0x80 | LONG, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload]);
}

/** What the server sent after its handshake: texts, and the code of its close. */
function parse(bytes: Buffer): { texts: string[]; code: number | null } {
  const texts: string[] = [];
  const end = bytes.indexOf('\r\n\r\n');
  let at = end < 0 ? bytes.length : end + 4;
  while (at + 2 <= bytes.length) {
    const short = bytes.readUInt8(at + 1);
    const start = at + (short === LONG ? 4 : 2);
    if (start > bytes.length) break;
    const next = start + (short === LONG ? bytes.readUInt16BE(at + 2) : short);
    if (next > bytes.length) break;
    if (bytes.readUInt8(at) === CLOSE) return { texts, code: bytes.readUInt16BE(start) };
    texts.push(bytes.toString('utf8', start, next));
    at = next;
  }
  return { texts, code: null };
}

export interface Shot {
  port: number;
  /** Said first, and answered before the rest is said. */
  opening: string | null;
  rest: readonly string[];
}

/** Resolves with the code of the server's close, or with `answered` once a message holds `sign`. */
export function oneShot({ port, opening, rest }: Shot, sign: string): Promise<number | 'answered'> {
  const tcp: Socket = connect(port, '127.0.0.1');
  tcp.write(Buffer.concat([Buffer.from(HANDSHAKE), ...(opening === null ? rest : [opening]).map(frame)]));
  let bytes = Buffer.alloc(0);
  let isOpening = opening !== null;
  return new Promise((resolve, reject) => {
    tcp.on('error', reject);
    tcp.on('close', () => reject(new Error('The server closed without a word.')));
    tcp.on('data', (data) => {
      bytes = Buffer.concat([bytes, data]);
      const { texts, code } = parse(bytes);
      if (code !== null) resolve(code);
      else if (texts.some((text) => text.includes(sign))) resolve('answered');
      else if (isOpening && texts.length > 0) {
        isOpening = false;
        tcp.write(Buffer.concat(rest.map(frame)));
        return;
      } else return;
      tcp.destroy();
    });
  });
}
