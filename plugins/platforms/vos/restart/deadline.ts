/** The moment by which a restart must have been proven; its signal ends whatever waits. */
import type { World } from '../world.js';

/** Whoever takes over late still gets the time for a look: a part of the whole, but no more than a slow node needs. */
const GRACE_SHARE = 1 / 4;
const MIN_GRACE_MS = 5_000;
const MAX_GRACE_MS = 60_000;

export class Deadline {
  readonly #world: World;
  readonly #at: number;
  readonly #passing = new AbortController();
  readonly #ending = new AbortController();

  private constructor(world: World, at: number) {
    this.#world = world;
    this.#at = at;
    // The only way for this to reject is `end`, after which nobody is interested.
    world.sleep(Math.max(0, at - world.now()), this.#ending.signal).then(
      () => this.#passing.abort(new Error('The deadline has passed.')),
      () => undefined,
    );
  }

  /** For a command that is about to be sent. */
  static fromNow(world: World, timeoutMs: number): Deadline {
    return new Deadline(world, world.now() + timeoutMs);
  }

  /** For one that was sent at this time (ISO 8601) by somebody else. */
  static since(sentAt: string, world: World, timeoutMs: number): Deadline {
    const graceMs = Math.max(MIN_GRACE_MS, Math.min(timeoutMs * GRACE_SHARE, MAX_GRACE_MS));
    const soonest = world.now() + Math.min(timeoutMs, graceMs);
    return new Deadline(world, Math.max(Date.parse(sentAt) + timeoutMs || 0, soonest));
  }

  get signal(): AbortSignal {
    return this.#passing.signal;
  }

  get leftMs(): number {
    return this.#passing.signal.aborted ? 0 : Math.max(0, this.#at - this.#world.now());
  }

  get passed(): boolean {
    return this.leftMs === 0;
  }

  /** Stops the clock. */
  end(): void {
    this.#ending.abort(new Error('The restart has ended.'));
  }
}
