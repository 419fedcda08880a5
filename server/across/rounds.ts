/** Work that goes round: soon after it is woken, every so often anyway, and never twice at once. */

export interface RoundsSetting {
  /** Must not reject. `isDue`: the round comes by the clock, whether or not it was woken. */
  work(isDue: boolean): Promise<void>;
  /** How long a wake waits for others like it. */
  gatherMs: number;
  /** Asked anew before each round. */
  everyMs(): number;
}

export class Rounds {
  readonly #setting: RoundsSetting;
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> | null = null;
  #isWoken = false;
  #isStopped = true;
  #dueSinceMs = 0;

  constructor(setting: RoundsSetting) {
    this.#setting = setting;
  }

  start(): void {
    this.#isStopped = false;
    this.#dueSinceMs = performance.now();
    this.#arm();
  }

  wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    this.#arm();
  }

  /** Resolves when nothing goes on any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#disarm();
    await this.#working;
  }

  #arm(): void {
    if (this.#isStopped || this.#working) return;
    this.#disarm();
    const waitMs = this.#isWoken ? this.#setting.gatherMs : Math.max(0, this.#dueInMs());
    this.#timer = setTimeout(() => {
      this.#working = this.#round();
    }, waitMs);
  }

  #disarm(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #dueInMs(): number {
    return this.#dueSinceMs + this.#setting.everyMs() - performance.now();
  }

  async #round(): Promise<void> {
    // A timer may fire a moment early; then the next round comes at once.
    const isDue = this.#dueInMs() <= 0;
    this.#isWoken = false;
    if (isDue) this.#dueSinceMs = performance.now();
    await this.#setting.work(isDue);
    this.#working = null;
    this.#arm();
  }
}
