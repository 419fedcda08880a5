/**
 * LISTEN on a connection of its own, opened again and again for as long as it takes. It only wakes: whatever is said on it
 * stands in the tables as well, and what is said while it is away is not repeated.
 */
import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import type { Client, ClientConfig } from 'pg';

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;
const PATIENCE_MS = 5_000;

export interface ListenerSetting {
  /** As knex takes it. */
  connection: string | ClientConfig;
  /** Plain lower-case words. */
  channels: readonly string[];
  heard(channel: string, payload: string): void;
  /** Called when it begins to listen, and when it has ceased to. */
  changed(isListening: boolean, cause?: unknown): void;
  /** How long an answer may take. */
  patienceMs?: number;
}

interface Line {
  client: Client;
  socket: Socket;
}

export class Listener {
  readonly #setting: ListenerSetting;
  readonly #patienceMs: number;
  // Proves that what is said is heard: behind a pooler that lends connections out, LISTEN succeeds and hears nothing.
  readonly #echo = `signalbox_echo_${randomBytes(8).toString('hex')}`;
  #line: Line | null = null;
  #isListening = false;
  #isStopped = false;
  #retries = 0;
  #retry: NodeJS.Timeout | null = null;
  #deadline: NodeJS.Timeout | null = null;

  constructor(setting: ListenerSetting) {
    this.#setting = setting;
    this.#patienceMs = setting.patienceMs ?? PATIENCE_MS;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Resolves after the first try, whether or not it listens then. */
  async start(): Promise<void> {
    this.#isStopped = false;
    await this.#open();
  }

  /** Says something and expects to hear it; where it does not, the connection is given up and opened anew. */
  check(): void {
    const line = this.#line;
    if (line && this.#isListening && !this.#deadline) void this.#call(line);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#retry) clearTimeout(this.#retry);
    const line = this.#line;
    if (line) this.#lose(line);
  }

  async #open(): Promise<void> {
    const { Client } = (await import('pg')).default;
    if (this.#isStopped) return;
    const { connection } = this.#setting;
    const socket = new Socket();
    const client = new Client({
      ...(typeof connection === 'string' ? { connectionString: connection } : connection),
      application_name: 'signalbox listen',
      connectionTimeoutMillis: this.#patienceMs,
      query_timeout: this.#patienceMs,
      keepAlive: true,
      stream: () => socket,
    });
    const line = (this.#line = { client, socket });
    // For good, because a second error often follows the first.
    client.on('error', (error) => this.#lose(line, error));
    client.on('end', () => this.#lose(line, new Error('The LISTEN connection was closed.')));
    client.on('notification', ({ channel, payload = '' }) => this.#hear(line, channel, payload));
    try {
      await client.connect();
      await client.query([...this.#setting.channels, this.#echo].map((channel) => `LISTEN ${channel}`).join('; '));
      await this.#call(line);
    } catch (error) {
      this.#lose(line, error);
    }
  }

  async #call(line: Line): Promise<void> {
    if (line !== this.#line) return;
    const silent = () => this.#lose(line, new Error('The LISTEN connection is silent.'));
    this.#deadline = setTimeout(silent, this.#patienceMs);
    // PostgreSQL gives a session its own notification before it says that the statement is done.
    await line.client.query(`NOTIFY ${this.#echo}`).catch((error: unknown) => this.#lose(line, error));
  }

  #hear(line: Line, channel: string, payload: string): void {
    if (line !== this.#line) return;
    if (channel === this.#echo) this.#hearEcho();
    else this.#setting.heard(channel, payload);
  }

  #hearEcho(): void {
    this.#clearDeadline();
    this.#retries = 0;
    if (this.#isListening) return;
    this.#isListening = true;
    this.#setting.changed(true);
  }

  /** Once for each connection, whatever it was that went wrong first. */
  #lose(line: Line, cause?: unknown): void {
    if (line !== this.#line) return;
    this.#line = null;
    this.#clearDeadline();
    // Not by a farewell that would wait for a peer which may be gone.
    line.socket.destroy();
    const wasListening = this.#isListening;
    this.#isListening = false;
    if (this.#isStopped) return;
    if (wasListening || this.#retries === 0) this.#setting.changed(false, cause);
    const longestMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#retries++);
    this.#retry = setTimeout(() => void this.#open(), longestMs * (0.5 + Math.random() / 2));
  }

  #clearDeadline(): void {
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#deadline = null;
  }
}
