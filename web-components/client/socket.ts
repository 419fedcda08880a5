/** One life of one socket to /realtime, in nes' protocol 2: hello, subscriptions, heartbeat, end. It never reconnects. */
import { Alarm } from './alarm.js';
import { FrameReader, refusalOf, type Frame } from './frames.js';
import { Pacer } from './pacer.js';
import { networkProblem, type RequestProblem } from './problem.js';
import type { SocketLike, Surroundings } from './surroundings.js';

const OPEN_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 10_000;
/** How soon a link that may have died while the page slept must prove that it lives. */
const PROBE_LIMIT_MS = 4_000;
const MOST_SUBSCRIPTIONS = 200;

export interface SocketListener {
  published(path: string, message: unknown): void;
  revoked(path: string): void;
  /** The server's own word, such as that it is about to stop. */
  told(message: unknown): void;
  /** Any frame came: the link is alive. */
  heard(): void;
  /** Once, however it ended, unless it was ended by `drop`. */
  closed(problem: RequestProblem): void;
}

interface Waiting {
  resolve(frame: Frame): void;
  reject(problem: RequestProblem): void;
  limit: Alarm;
}

export class RealtimeSocket {
  readonly #around: Surroundings;
  readonly #listener: SocketListener;
  readonly #ws: SocketLike;
  readonly #pacer: Pacer;
  readonly #reader = new FrameReader();
  readonly #waiting = new Map<number, Waiting>();
  readonly #paths = new Set<string>();
  readonly #watchdog: Alarm;
  readonly #opened: Promise<void>;
  #open: (() => void) | null = null;
  #refuse: ((problem: RequestProblem) => void) | null = null;
  #ids = 0;
  #heardAt = 0;
  #silenceLimitMs = 0;
  #gone = false;

  constructor(around: Surroundings, url: string, listener: SocketListener) {
    this.#around = around;
    this.#listener = listener;
    this.#pacer = new Pacer(around);
    this.#watchdog = new Alarm(around);
    this.#opened = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#refuse = reject;
    });
    this.#ws = new around.WebSocket(url);
    this.#watchdog.set(OPEN_LIMIT_MS, () => this.#end(new Error('The socket did not open in time.')));
    this.#ws.addEventListener('open', () => this.#open?.());
    this.#ws.addEventListener('message', (event) => this.#onText(event.data));
    this.#ws.addEventListener('error', () => this.#end(new Error('The socket failed.')));
    this.#ws.addEventListener('close', (event) =>
      this.#end(new Error(`The socket was closed (${event.code ?? 1005}).`)),
    );
  }

  /** Resolves when the server has taken the token; subscriptions are sent after it, so that a lost one harms no other. */
  async hello(token: string): Promise<void> {
    await this.#opened;
    this.#watchdog.clear();
    const answer = await this.#ask({ type: 'hello', version: '2', auth: bearer(token) });
    this.#heardAt = this.#around.now();
    if (!answer.heartbeat) return;
    this.#silenceLimitMs = answer.heartbeat.interval + answer.heartbeat.timeout;
    this.#watch(this.#silenceLimitMs);
  }

  get hasRoom(): boolean {
    return this.#paths.size < MOST_SUBSCRIPTIONS;
  }

  /** Rejects with the server's refusal. */
  async subscribe(path: string): Promise<void> {
    this.#paths.add(path);
    try {
      await this.#ask({ type: 'sub', path });
    } catch (error) {
      this.#paths.delete(path);
      throw error;
    }
  }

  unsubscribe(path: string): void {
    if (!this.#paths.delete(path)) return;
    this.#ask({ type: 'unsub', path }).catch(ownEnd);
  }

  /** Goes on with another token of the same user. */
  async reauthenticate(token: string, limitMs = ANSWER_LIMIT_MS): Promise<void> {
    await this.#ask({ type: 'reauth', auth: bearer(token) }, limitMs);
  }

  /** Ends the socket at once where the server has been silent too long, else makes it speak. */
  probe(token: string): void {
    const silentMs = this.#around.now() - this.#heardAt;
    if (this.#silenceLimitMs > 0 && silentMs >= this.#silenceLimitMs) this.#end(new Error('The server fell silent.'));
    else if (silentMs >= PROBE_LIMIT_MS) this.reauthenticate(token, PROBE_LIMIT_MS).catch(ownEnd);
  }

  /** Ends it without a word to the listener. The closing handshake is not waited for: a dead link never ends it. */
  drop(cause: Error = new Error('The socket is no longer needed.')): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#watchdog.clear();
    this.#pacer.stop();
    const problem = networkProblem(cause);
    this.#opened.catch(ownEnd);
    this.#refuse?.(problem);
    for (const waiting of this.#waiting.values()) {
      waiting.limit.clear();
      waiting.reject(problem);
    }
    this.#waiting.clear();
    this.#ws.close();
  }

  #end(cause: Error): void {
    if (this.#gone) return;
    this.drop(cause);
    this.#listener.closed(networkProblem(cause));
  }

  #ask(frame: Record<string, unknown>, limitMs = ANSWER_LIMIT_MS): Promise<Frame> {
    const id = ++this.#ids;
    const text = JSON.stringify({ ...frame, id });
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(networkProblem(new Error('The socket is closed.')));
      const limit = new Alarm(this.#around);
      this.#waiting.set(id, { resolve, reject, limit });
      this.#pacer.queue(() => {
        limit.set(limitMs, () => this.#end(new Error('The server did not answer in time.')));
        this.#ws.send(text);
      });
    });
  }

  #onText(data: unknown): void {
    if (this.#gone) return;
    this.#heardAt = this.#around.now();
    try {
      const frame = this.#reader.read(String(data));
      if (frame) this.#onFrame(frame);
    } catch (cause) {
      this.#end(new Error('The server sent a frame that cannot be read.', { cause }));
    }
  }

  #onFrame(frame: Frame): void {
    this.#listener.heard();
    if (frame.type === 'ping') this.#pong();
    else if (frame.type === 'update') this.#listener.told(frame.message);
    else if (frame.type === 'pub' && frame.path !== undefined) this.#onPublished(frame.path, frame.message);
    else if (frame.type === 'revoke' && frame.path !== undefined) this.#onRevoked(frame.path);
    else if (frame.id !== undefined) this.#onAnswer(frame.id, frame);
  }

  /** What is still under way after an unsubscribe is nobody's. */
  #onPublished(path: string, message: unknown): void {
    if (this.#paths.has(path)) this.#listener.published(path, message);
  }

  #onRevoked(path: string): void {
    if (this.#paths.delete(path)) this.#listener.revoked(path);
  }

  #onAnswer(id: number, frame: Frame): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    waiting.limit.clear();
    if (frame.statusCode !== undefined && frame.statusCode >= 400) waiting.reject(refusalOf(frame));
    else waiting.resolve(frame);
    this.#pacer.answered();
  }

  #pong(): void {
    const text = JSON.stringify({ type: 'ping', id: ++this.#ids });
    this.#pacer.urgent(() => this.#ws.send(text));
  }

  /** One timer that looks when the last frame came, instead of one set anew by each frame. */
  #watch(delayMs: number): void {
    this.#watchdog.set(delayMs, () => {
      const leftMs = this.#silenceLimitMs - (this.#around.now() - this.#heardAt);
      if (leftMs <= 0) this.#end(new Error('The server fell silent.'));
      else this.#watch(leftMs);
    });
  }
}

function bearer(token: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${token}` } };
}

/** The socket's end is told by `closed`; that its open questions end with it is no news. */
function ownEnd(problem: RequestProblem): void {
  void problem;
}
