/** Keeps a node's rights near those of the other nodes: what they changed is read anew every few seconds. */
import type { Plugin, Server } from '@hapi/hapi';
import type { Directory } from './directory.js';

export interface RefreshOptions {
  directory: Pick<Directory, 'reload'>;
  intervalMs?: number;
}

class Refresh {
  readonly #server: Server;
  readonly #directory: Pick<Directory, 'reload'>;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(server: Server, { directory, intervalMs = 5_000 }: RefreshOptions) {
    this.#server = server;
    this.#directory = directory;
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
    try {
      await this.#directory.reload();
    } catch (error) {
      // The rights of a moment ago stay in force; the next round tries again.
      this.#server.log(['error', 'access'], { err: error });
    }
    if (!this.#stopped) this.start();
  }
}

/** For a database that several nodes share; a node alone hears of every change at once. */
export const refresh: Plugin<RefreshOptions> = {
  name: 'signalbox-access-refresh',
  register(server, options) {
    const rounds = new Refresh(server, options);
    server.ext('onPreStart', () => rounds.start());
    server.ext('onPreStop', () => rounds.stop());
  },
};
