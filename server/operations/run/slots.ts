/** The node's places for running operations. Waiting work gives its place back; who comes back from a wait goes first. */
export class Slots {
  readonly #size: number;
  readonly #freed: () => void;
  #taken = 0;
  readonly #returning: (() => void)[] = [];

  /** `freed` is called when a running operation has left a place that nobody who waited wants back. */
  constructor(size: number, freed: () => void) {
    this.#size = size;
    this.#freed = freed;
  }

  get free(): number {
    return Math.max(0, this.#size - this.#taken);
  }

  /** Takes every free place at once, so that nobody else counts on one while work is looked for. */
  reserve(): number {
    const places = this.free;
    this.#taken += places;
    return places;
  }

  /** Gives back reserved places that no work was found for. */
  unreserve(places: number): void {
    for (let place = 0; place < places; place++) this.#leave();
  }

  /** Gives one place back after its work has ended or waits. */
  give(): void {
    if (this.#leave()) this.#freed();
  }

  /** Gives the place back while `work` is under way. */
  async wait<T>(work: Promise<T>): Promise<T> {
    this.give();
    try {
      return await work;
    } finally {
      await this.#return();
    }
  }

  /** True where the place is free now; false where a waiting one took it. */
  #leave(): boolean {
    this.#taken--;
    const next = this.#returning.shift();
    if (next) {
      this.#taken++;
      next();
    }
    return !next;
  }

  async #return(): Promise<void> {
    if (this.free > 0) {
      this.#taken++;
      return;
    }
    await new Promise<void>((resolve) => this.#returning.push(resolve));
  }
}
