/** Polls what has no subscription: every feed where there is no socket, else those that the socket refused. */
import { Alarm } from './alarm.js';
import { Backoff } from './backoff.js';
import { problemFrom, waitAskedMs, type RequestProblem } from './problem.js';
import type { Surroundings } from './surroundings.js';

const AT_A_TIME = 6;
const SHORTEST_INTERVAL_MS = 1_000;

interface Polled {
  readonly polled: boolean;
  readonly resting: boolean;
  poll(): Promise<void>;
}

export interface PollerDesk {
  readonly around: Surroundings;
  feeds(): Polled[];
  /** Asks the server whether it is there, for a page that watches nothing. */
  probe(): Promise<void>;
  /** A round has ended: everything was read, or something was not. */
  polledAll(ok: boolean): void;
}

export class Poller {
  readonly #desk: PollerDesk;
  readonly #alarm: Alarm;
  readonly #backoff: Backoff;
  #intervalMs: number;
  #everything = false;
  #running = false;
  #again = false;
  #stops = 0;

  constructor(desk: PollerDesk) {
    this.#desk = desk;
    this.#alarm = new Alarm(desk.around);
    this.#backoff = new Backoff(desk.around.random);
    this.#intervalMs = desk.around.pollIntervalMs;
  }

  get everything(): boolean {
    return this.#everything;
  }

  set intervalMs(intervalMs: number) {
    this.#intervalMs = Math.max(SHORTEST_INTERVAL_MS, intervalMs);
  }

  /** Polls every feed from now on, or again only those without a subscription. */
  cover(everything: boolean): void {
    if (this.#everything === everything) return;
    this.#everything = everything;
    if (everything) this.soon();
  }

  /** Polls in a moment instead of at the next turn. */
  soon(): void {
    if (this.#running) this.#again = true;
    else this.#alarm.set(0, () => void this.#round());
  }

  stop(): void {
    this.#stops += 1;
    this.#everything = false;
    this.#running = false;
    this.#again = false;
    this.#alarm.clear();
  }

  async #round(): Promise<void> {
    const stops = this.#stops;
    this.#running = true;
    const wanted = this.#desk.feeds().filter((feed) => this.#everything || feed.polled);
    const failures = await this.#poll(wanted.filter((feed) => !feed.resting));
    if (stops !== this.#stops) return;
    this.#running = false;
    this.#desk.polledAll(failures.length === 0);
    if (this.#again) this.soon();
    else if (this.#everything || wanted.length > 0) this.#next(failures);
    this.#again = false;
  }

  #next(failures: RequestProblem[]): void {
    if (failures.length === 0) this.#backoff.reset();
    const askedMs = Math.max(0, ...failures.map(waitAskedMs));
    const extraMs = failures.length === 0 ? 0 : this.#backoff.nextMs();
    // A tenth of jitter, so that pages that lost the socket together don't poll together.
    const delayMs = this.#intervalMs * (0.9 + 0.2 * this.#desk.around.random());
    this.#alarm.set(Math.max(delayMs + extraMs, askedMs), () => void this.#round());
  }

  async #poll(feeds: Polled[]): Promise<RequestProblem[]> {
    const failures: RequestProblem[] = [];
    const tasks = feeds.map((feed) => () => feed.poll());
    if (tasks.length === 0 && this.#everything) tasks.push(() => this.#desk.probe());
    const lane = async (): Promise<void> => {
      for (let task = tasks.shift(); task; task = tasks.shift()) {
        await task().catch((error: unknown) => failures.push(problemFrom(error)));
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
    return failures;
  }
}
