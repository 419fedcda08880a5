/** F5 of the goals: one reader of many stops reading; nobody else loses an update or is closed, and little is held for it. */
import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { openHouse } from './testing/house.js';
import type { RawClient } from './testing/raw-client.js';
import { until } from './testing/until.js';

const PATH = '/connections/1/operations';
const TEXT = 'x'.repeat(8_000);
const AT_ONCE = 10;
/** After the frozen one has been given up. */
const AFTERWARDS = 50;
const BUFFERED_BYTES = 256 * 1024;

/** As the server sends it: one whole text frame, not masked. */
function frameOf(message: string): Buffer {
  const data = Buffer.from(`{"type":"pub","path":"${PATH}","message":${message}}`);
  const options = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true };
  const { Sender } = WebSocket as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };
  return Buffer.concat(Sender.frame(data, options));
}

/** Compares what comes with what was sent, byte by byte, without reading it: a thousand parsers would be the slowest part. */
class Reader {
  bytes = 0;
  isWrong = false;

  constructor(client: RawClient, sent: () => Buffer) {
    client.tcp.removeAllListeners('data');
    client.tcp.on('data', (chunk: Buffer) => {
      this.isWrong ||= sent().compare(chunk, 0, chunk.length, this.bytes, this.bytes + chunk.length) !== 0;
      this.bytes += chunk.length;
    });
  }
}

/** Room for every frame, so that it never moves. */
class Sent {
  readonly #room = Buffer.alloc(64 * 1024 * 1024);
  bytes = 0;

  add(frame: Buffer): void {
    frame.copy(this.#room, this.bytes);
    this.bytes += frame.length;
  }

  get all(): Buffer {
    return this.#room.subarray(0, this.bytes);
  }
}

async function freezeOneOf(t: Test, count: number): Promise<void> {
  const many = { sockets: 2_000, socketsPerAddress: 2_000, socketsPerUser: 2_000 };
  const house = await openHouse({ limits: { ...many, bufferedBytes: BUFFERED_BYTES } });
  t.teardown(() => house.close());
  house.access.addUser('mira', [1]);
  const token = house.access.token('mira');
  const clients: RawClient[] = [];
  while (clients.length < count) {
    const client = await house.guest(token);
    await client.ask({ type: 'sub', path: PATH });
    clients.push(client);
  }
  const sent = new Sent();
  const [frozen, ...healthy] = clients as [RawClient, ...RawClient[]];
  const readers = healthy.map((client) => new Reader(client, () => sent.all));
  frozen.tcp.pause();

  const { nes } = house.server.plugins as unknown as { nes: { _listener: { _wss: { clients: Set<WebSocket> } } } };
  let [published, endsAt, largestBacklog] = [0, Infinity, 0];
  while (published < endsAt) {
    for (let n = 0; n < AT_ONCE; n++) {
      const message = JSON.stringify({ n: published++, text: TEXT });
      sent.add(frameOf(message));
      house.server.feed.publish(PATH, message);
    }
    for (const { bufferedAmount } of nes._listener._wss.clients)
      largestBacklog = Math.max(largestBacklog, bufferedAmount);
    await turn();
    // The readers share this process with the server: they read before more is sent.
    await until(() => readers.every(({ bytes }) => bytes === sent.bytes), 'everything sent so far');
    if (endsAt === Infinity && (await house.count('slowSockets')) > 0) endsAt = published + AFTERWARDS;
  }
  t.equal(readers.filter(({ isWrong }) => isWrong).length, 0, `${count - 1} readers got all ${published}, in order`);
  t.equal(await house.count('slowSockets'), 1, 'the frozen one was given up');
  t.equal(await house.count('sockets'), count - 1, 'and nobody else');
  t.equal(house.server.feed.subscribers(PATH), count - 1);
  t.ok(largestBacklog > 0 && largestBacklog <= BUFFERED_BYTES, `at most the cap waited: ${largestBacklog}`);
}

t.test('one frozen reader of 20 costs nobody an update', (t) => freezeOneOf(t, 20));
t.test('one frozen reader of 1,000 costs nobody an update', (t) => freezeOneOf(t, 1_000));
