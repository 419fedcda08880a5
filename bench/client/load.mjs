/** Requests over connections that are kept, as many at once; node:net alone, so that the client costs less than any server. */
import { connect } from 'node:net';
import { VoidRound } from '../rounds.mjs';

/** One request at a time over one connection. */
class Line {
  #socket;
  #text = '';
  #waiting = null;

  constructor(port) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1').on('data', (text) => this.#read(text));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#waiting?.reject(new VoidRound('A connection was closed.')));
  }

  /** Resolves with the status. */
  ask(request) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  end() {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #read(text) {
    this.#text += text;
    const head = this.#text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#text.slice(0, head))?.[1] ?? 0);
    if (this.#text.length < head + 4 + length) return;
    const status = Number(this.#text.slice(9, 12));
    this.#text = '';
    this.#waiting?.resolve(status);
  }
}

/** The text of a request. */
export function requestText({ method = 'GET', path, headers = {}, body }) {
  const data = body === undefined ? '' : JSON.stringify(body);
  const own =
    body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(data) };
  const lines = Object.entries({ Host: '127.0.0.1', ...headers, ...own }).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, '', data].join('\r\n');
}

/** Asks for each of the requests, `atOnce` at a time; answers with the wall time, in ms. Another status makes the round void. */
export async function load({ port, requests, status, atOnce = 64 }) {
  const lines = Array.from({ length: atOnce }, () => new Line(port));
  const began = performance.now();
  let next = 0;
  const worker = async (line) => {
    for (let n = next++; n < requests.length; n = next++) {
      const said = await line.ask(requests[n]);
      if (said !== status) throw new VoidRound(`A request was answered by ${said}, not by ${status}.`);
    }
  };
  try {
    await Promise.all(lines.map(worker));
    return performance.now() - began;
  } finally {
    for (const line of lines) line.end();
  }
}
