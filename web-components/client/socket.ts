/** One life of one socket to /realtime, in nes' protocol 2. It never reconnects. */
import { report } from './problem.js';
import type { Surroundings } from './surroundings.js';

/** For the socket to open, and again for the hello. */
const GREETING_LIMIT_MS = 10_000;
/** How soon a link that may have died while the page slept must prove that it lives. */
const PROBE_LIMIT_MS = 4_000;
/** Where the server sends no heartbeat. */
const DAY_MS = 86_400_000;
/** The server takes 20 messages a second, and 40 at once. */
const BURST = 16;
const SPACING_MS = 60;
const SECOND_MS = 1_000;

/** A frame from the server; which members it has depends on `type`. */
export interface Frame {
  type: string;
  id?: number;
  path?: string;
  message?: unknown;
  /** Of an answer that refuses: the HTTP status that would say the same. */
  statusCode?: number;
  /** Of the hello's answer; false where the server sends no pings. */
  heartbeat?: { interval: number; timeout: number } | false;
}

export type RealtimeSocket = ReturnType<typeof openSocket>;

/** `told` hears every frame that is no answer. Throws where the page may not open the address. */
export function openSocket(around: Surroundings, url: string, told: (frame: Frame) => void) {
  const ws = new around.WebSocket(url);
  const waiting = new Map<number, (status: number) => void>();
  let [ids, sent, heardAt] = [0, 0, 0];
  let parts = '';
  let silenceMs = GREETING_LIMIT_MS;
  let isClosed = false;
  let callOff = (): void => undefined;
  let end = (): void => undefined;
  const opened = new Promise<void>((resolve) => ws.addEventListener('open', () => resolve()));
  const ended = new Promise<void>((resolve) => (end = resolve));

  /** The closing handshake is not waited for: a dead link never ends it. */
  function close(): void {
    isClosed = true;
    callOff();
    ws.close();
    end();
    for (const resolve of waiting.values()) resolve(0);
  }

  /** Hears in time, or ends. */
  function watch(limitMs = silenceMs): void {
    callOff();
    callOff = around.after(limitMs, close);
  }

  function take(frame: Frame): void {
    const { heartbeat, id = 0, type, statusCode = 200 } = frame;
    if (heartbeat !== undefined) silenceMs = heartbeat ? heartbeat.interval + heartbeat.timeout : DAY_MS;
    heardAt = around.now();
    watch();
    if (type === 'ping') ws.send(JSON.stringify({ type, id: ++ids }));
    const answered = waiting.get(id);
    waiting.delete(id);
    if (answered) answered(statusCode);
    else told(frame);
  }

  /** nes cuts long frames: `+` goes on, `!` is the last part. */
  function read(text: string): void {
    parts += text.replace(/^[+!]/, '');
    if (isClosed || text.startsWith('+')) return;
    try {
      take(JSON.parse(parts) as Frame);
    } catch (error) {
      if (!(error instanceof SyntaxError)) report(error);
      close();
    }
    parts = '';
  }

  /** Asks in its turn; answers with an HTTP status: 200, that of a refusal, or 0 where the socket ended first. */
  async function ask(frame: { type: string; path?: string; version?: string; auth?: object }): Promise<number> {
    await Promise.race([opened, ended]);
    const waitMs = Math.max(0, sent - BURST) * SPACING_MS;
    sent += 1;
    around.after(waitMs + SECOND_MS, () => (sent -= 1));
    if (waitMs > 0) await new Promise<void>((resolve) => around.after(waitMs, resolve));
    if (isClosed) return 0;
    const id = ++ids;
    ws.send(JSON.stringify({ ...frame, id }));
    return new Promise((resolve) => waiting.set(id, resolve));
  }

  /** Makes a server that was silent speak, soon: an `unsub` of nothing is answered like any other. */
  function probe(): void {
    if (Math.abs(around.now() - heardAt) < PROBE_LIMIT_MS) return;
    watch(PROBE_LIMIT_MS);
    void ask({ type: 'unsub', path: '/probe' });
  }

  ws.addEventListener('open', () => watch());
  ws.addEventListener('message', ({ data }) => read(String(data)));
  ws.addEventListener('error', close);
  ws.addEventListener('close', close);
  watch();
  return { ended, ask, probe, close };
}
