/** Keeps what a node remembers of the database near what the other nodes have stored: it is read anew every few seconds. */
import type { Plugin, Server } from '@hapi/hapi';

/** Something remembered: the rights, the settings. */
interface Source {
  reload(): Promise<void>;
}

export interface RefreshOptions {
  sources: readonly Source[];
  intervalMs?: number;
}

class Refresh {
  readonly #server: Server;
  readonly #sources: readonly Source[];
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(server: Server, { sources, intervalMs = 5_000 }: RefreshOptions) {
    this.#server = server;
    this.#sources = sources;
    this.#intervalMs = intervalMs;
  }

  start(): void {
    this.#stopped = false;
    this.#timer = setTimeout(() => {
      this.#reading = this.#read();
    }, this.#intervalMs);
  }

  /** Resolves when nothing is being read any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#reading;
  }

  async #read(): Promise<void> {
    await Promise.all(this.#sources.map((source) => this.#reload(source)));
    if (!this.#stopped) this.start();
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
