/** A moment that comes, on a clock that nobody sets back. */
export class Deadline {
  readonly #atMs: number;

  constructor(afterMs: number) {
    this.#atMs = performance.now() + afterMs;
  }

  /** How long is left, in ms; 0 when it has passed. */
  get leftMs(): number {
    return Math.max(0, this.#atMs - performance.now());
  }

  get passed(): boolean {
    return this.leftMs === 0;
  }
}
