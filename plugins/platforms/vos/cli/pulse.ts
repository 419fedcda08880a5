/** Waits for the next sign of life, or for silence: one waiter at a time, over the end of the shell and an abort. */

export class Pulse {
  #over: Error | null = null;
  #wake: (() => void) | null = null;

  /** Something came. */
  beat(): void {
    this.#wake?.();
  }

  /** Nothing will come any more. The first reason stays. */
  stop(why: Error): void {
    this.#over ??= why;
    this.#wake?.();
  }

  /** Why nothing will come any more; null while something may. */
  get over(): Error | null {
    return this.#over;
  }

  /** Resolves with false at the next beat, with true after the silence; throws once it was stopped. */
  async silent(silenceMs: number): Promise<boolean> {
    if (this.#over) throw this.#over;
    const silent = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), silenceMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
    this.#wake = null;
    if (this.#over) throw this.#over as Error;
    return silent;
  }
}
