/** The highest number seen of each of the last so many things: what rises only, and is not told twice. */

const MOST = 20_000;

export class Latest {
  readonly #numbers = new Map<string, number>();

  /** 0 where nothing is known of it. */
  of(id: string): number {
    return this.#numbers.get(id) ?? 0;
  }

  has(id: string): boolean {
    return this.#numbers.has(id);
  }

  /** False where the number is not higher than what was seen. */
  raise(id: string, number: number): boolean {
    if (number <= this.of(id)) return false;
    // Anew, so that what was touched last goes last.
    this.#numbers.delete(id);
    this.#numbers.set(id, number);
    if (this.#numbers.size > MOST) this.#numbers.delete(this.#numbers.keys().next().value as string);
    return true;
  }

  forget(id: string): void {
    this.#numbers.delete(id);
  }
}
