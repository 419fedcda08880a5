/**
 * Keeps what a node remembers of the database (the rights, the settings) equal to what the other nodes have stored: it is read
 * anew as soon as the database says that it changed, and by the clock as well, because what is said may go unheard.
 */
import type { Plugin, Server } from '@hapi/hapi';
import { Listener, type ListenerSetting } from '../across/listener.js';
import { Rounds } from '../across/rounds.js';

/** As db/migrations/0006_remembered.ts says it. */
const CHANNEL = 'signalbox_remembered';
/** What one request changes in several tables is read once. */
const GATHER_MS = 15;
const BACKSTOP_MS = 5_000;
const DEAF_EVERY_MS = 1_000;

/** Something remembered. */
interface Source {
  reload(): Promise<void>;
}

export interface RefreshOptions {
  sources: readonly Source[];
  /** Of the PostgreSQL that says what changed. */
  connection: ListenerSetting['connection'];
  /** How often everything is read while the database is heard. */
  backstopMs?: number;
}

class Refresh {
  readonly #server: Server;
  readonly #sources: readonly Source[];
  readonly #listener: Listener;
  readonly #rounds: Rounds;

  constructor(server: Server, { sources, connection, backstopMs = BACKSTOP_MS }: RefreshOptions) {
    this.#server = server;
    this.#sources = sources;
    this.#listener = new Listener({
      connection,
      channels: [CHANNEL],
      heard: () => this.#rounds.wake(),
      changed: (isListening, cause) => this.#listening(isListening, cause),
    });
    this.#rounds = new Rounds({
      work: (isDue) => this.#read(isDue),
      gatherMs: GATHER_MS,
      everyMs: () => (this.#listener.isListening ? backstopMs : DEAF_EVERY_MS),
    });
  }

  async start(): Promise<void> {
    await this.#listener.start();
    this.#rounds.start();
  }

  /** Resolves when nothing is being read any more. */
  async stop(): Promise<void> {
    await this.#listener.stop();
    await this.#rounds.stop();
  }

  /** Whatever was said before it listened, or while it did not, has gone unheard. */
  #listening(isListening: boolean, cause: unknown): void {
    if (!isListening) this.#server.log(['error', 'refresh', 'deaf'], { err: cause });
    this.#rounds.wake();
  }

  async #read(isDue: boolean): Promise<void> {
    if (isDue) this.#listener.check();
    await Promise.all(this.#sources.map((source) => this.#reload(source)));
  }

  async #reload(source: Source): Promise<void> {
    try {
      await source.reload();
    } catch (error) {
      // What counted a moment ago stays in force; the next round tries again.
      this.#server.log(['error', 'refresh'], { err: error });
    }
  }
}

/** For a database that several nodes share; a node alone hears of every change at once. */
export const refresh: Plugin<RefreshOptions> = {
  name: 'signalbox-refresh',
  register(server, options) {
    const rounds = new Refresh(server, options);
    server.ext('onPreStart', () => rounds.start());
    server.ext('onPreStop', () => rounds.stop());
  },
};
