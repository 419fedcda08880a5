/**
 * A subscriber that costs as little as can be: node:net with one buffer for all sockets, frames counted by their length. It
 * speaks as much of RFC 6455 as it needs; nothing of it is any library's own client.
 */
import { connect } from 'node:net';

const BUFFER = Buffer.allocUnsafe(256 * 1024);
/** Updates are longer than anything else that a server says. */
const SHORTEST_UPDATE = 250;
const TEXT = 0x81;

/** A text frame of a client; its mask is zero, which leaves the bytes as they are. */
export function clientFrame(text) {
  const data = Buffer.from(text);
  const long = data.length >= 126;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = TEXT;
  head[1] = 0x80 | (long ? 126 : data.length);
  if (long) head.writeUInt16BE(data.length, 2);
  return Buffer.concat([head, data]);
}

/** Answers to the heartbeats: nes' message, socket.io's `2`. */
const PONGS = new Map([
  ['{"type":"ping"}', clientFrame('{"id":9,"type":"ping"}')],
  ['2', clientFrame('3')],
]);

export class Subscriber {
  #socket;
  /** What a frame that is cut in two began with. */
  #kept = Buffer.alloc(0);
  #left = 0;
  #upgraded = false;
  #hear;
  #opened;
  closed = false;

  /** `hear` is called with the number of updates in each piece that was read. */
  constructor({ port, path, headers = {}, first = [], hear }) {
    this.#hear = hear;
    const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}`);
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: BUFFER, callback: (size) => this.#read(size) },
    });
    this.#socket.on('error', () => {}).on('close', () => (this.closed = true));
    this.#socket.write([`GET ${path} HTTP/1.1`, ...lines, ...upgrade, key, '\r\n'].join('\r\n'));
    this.opened = new Promise((resolve, reject) => {
      this.#opened = () => {
        for (const text of first) this.#socket.write(clientFrame(text));
        resolve();
      };
      this.#socket.once('close', () => reject(new Error('A socket was not opened.')));
    });
    this.opened.catch(() => {});
  }

  freeze() {
    this.#socket.pause();
  }

  end() {
    this.#socket.destroy();
  }

  #read(size) {
    let data = BUFFER.subarray(0, size);
    if (this.#kept.length > 0) data = Buffer.concat([this.#kept, data]);
    let at = 0;
    if (!this.#upgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return this.#keep(data, 0);
      if (!data.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) return this.#socket.destroy() && true;
      this.#upgraded = true;
      at = end + 4;
      this.#opened();
    }
    return this.#frames(data, at);
  }

  #frames(data, begin) {
    let at = begin + Math.min(this.#left, data.length - begin);
    this.#left -= at - begin;
    let updates = 0;
    while (data.length - at >= 2) {
      const short = data[at + 1];
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (data.length - at < head) break;
      const length = short === 126 ? data.readUInt16BE(at + 2) : short === 127 ? data.readUInt32BE(at + 6) : short;
      if (length >= SHORTEST_UPDATE) updates += 1;
      else if (length <= 15) this.#pong(data.toString('latin1', at + head, at + head + length));
      this.#left = Math.max(0, at + head + length - data.length);
      at = Math.min(data.length, at + head + length);
    }
    if (updates > 0) this.#hear(updates);
    return this.#keep(data, at);
  }

  #pong(text) {
    const pong = PONGS.get(text);
    if (pong) this.#socket.write(pong);
  }

  #keep(data, at) {
    this.#kept = at < data.length ? Buffer.from(data.subarray(at)) : Buffer.alloc(0);
    return true;
  }
}
