import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Problem, SignalboxClient } from '../client/contract.js';
import { ClientAttachment } from '../elements/client-attachment.js';
import { Returns } from '../elements/returns.js';

/** What one GET answers, asked again when the path changes, when the server is back, and every `everyMs` while the page is seen. */
export class Loaded<T> implements ReactiveController {
  value: T | null = null;
  problem: Problem | null = null;
  readonly #host: ReactiveControllerHost;
  readonly #path: () => string | null;
  readonly #attachment: ClientAttachment;
  #asked: string | null = null;
  readonly #everyMs: number | null;
  readonly #ask: (client: SignalboxClient, path: string) => Promise<T>;
  #timer: number | undefined;

  /** `ask` is another way to ask than the client's own, for what is no JSON. */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    path: () => string | null,
    everyMs: number | null = null,
    ask = (client: SignalboxClient, from: string): Promise<T> => client.request<T>('GET', from),
  ) {
    this.#host = host;
    this.#path = path;
    this.#everyMs = everyMs;
    this.#ask = ask;
    host.addController(this);
    this.#attachment = new ClientAttachment(host, (client) => this.#attach(client));
  }

  get client(): SignalboxClient | null {
    return this.#attachment.client;
  }

  hostConnected(): void {
    if (this.#everyMs === null) return;
    this.#timer = window.setInterval(() => {
      if (!document.hidden && this.value) void this.reload();
    }, this.#everyMs);
  }

  hostDisconnected(): void {
    window.clearInterval(this.#timer);
  }

  hostUpdate(): void {
    const path = this.#path();
    if (path === this.#asked || !this.client) return;
    this.value = null;
    this.problem = null;
    void this.reload();
  }

  async reload(): Promise<void> {
    const path = this.#path();
    this.#asked = path;
    if (path === null || !this.client) return;
    try {
      this.#take(path, await this.#ask(this.client, path), null);
    } catch (error) {
      this.#take(path, this.value, error as Problem);
    }
  }

  /** An answer that comes after the path has changed is nobody's. */
  #take(path: string, value: T | null, problem: Problem | null): void {
    if (path !== this.#asked) return;
    this.value = value;
    this.problem = problem;
    this.#host.requestUpdate();
  }

  #attach(client: SignalboxClient): () => void {
    this.#asked = null;
    this.#host.requestUpdate();
    const returns = new Returns();
    return client.onState(({ phase }) => {
      if (returns.turn(phase) === 'reread') void this.reload();
    });
  }
}
