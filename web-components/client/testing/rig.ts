import { createClient } from '../client.js';
import type { FetchToken, SignalboxClient, Snapshot } from '../contract.js';
import type { ClientOptions } from '../surroundings.js';
import { FakeClock } from './fake-clock.js';
import { FakePage } from './fake-page.js';
import { FakeServer } from './fake-server.js';

type Reason = Parameters<FetchToken>[0]['reason'];

/** A client and its server on one fake clock. */
export class Rig {
  readonly clock = new FakeClock();
  readonly server = new FakeServer(this.clock);
  readonly page = new FakePage(this.clock);
  readonly asked: Reason[] = [];
  readonly client: SignalboxClient;
  /** What the portal answers when it is asked for a token. */
  token: FetchToken = () => Promise.resolve('token-1');
  #wake: () => void = () => undefined;
  #gone: () => void = () => undefined;

  constructor(more: Partial<ClientOptions> = {}) {
    this.client = createClient(this.options(more));
  }

  options(more: Partial<ClientOptions> = {}): ClientOptions {
    const { page, server } = this;
    return {
      url: 'http://box.test/',
      fetchToken: (request) => {
        this.asked.push(request.reason);
        return this.token(request);
      },
      fetch: server.fetch,
      WebSocket: server.WebSocket,
      random: () => 0.5,
      now: page.now,
      after: page.after,
      onWake: (woken, gone) => {
        this.#wake = woken;
        this.#gone = gone;
        return () => {
          this.#wake = this.#gone = () => undefined;
        };
      },
      ...more,
    };
  }

  get phase(): string {
    return this.client.state.phase;
  }

  /** The page is looked at again: what was late runs now. */
  wake(): void {
    this.page.wake();
    this.#wake();
  }

  /** As the browser says it; what is on its way dies with it. */
  offline(): void {
    this.server.up = false;
    this.server.unplug();
    this.#gone();
  }

  /** Watches a connection, or the fleet, and keeps every picture that is told. */
  watch(connectionId: number | null): { pictures: Snapshot[]; readonly shown: string[]; stop: () => void } {
    const pictures: Snapshot[] = [];
    const listener = (snapshot: Snapshot) => void pictures.push(snapshot);
    const stop =
      connectionId === null ? this.client.watchFleet(listener) : this.client.watchConnection(connectionId, listener);
    return {
      pictures,
      stop,
      get shown() {
        return lines(pictures.at(-1)?.operations ?? []);
      },
    };
  }

  /** What the store would show. */
  stored(connectionId: number | null, limit = 50): string[] {
    return lines(this.server.page(connectionId, limit).operations);
  }
}

function lines(operations: readonly { id: string; revision: number; status: string }[]): string[] {
  return operations.map(({ id, revision, status }) => `${id} ${status} r${revision}`);
}
