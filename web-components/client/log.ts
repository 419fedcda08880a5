/** The lines of one operation's log, in order and without holes. */
import type { LogLine, LogSnapshot, Operation } from './contract.js';
import { Feed } from './feed.js';
import { isActive } from './scope.js';

type Chunk = { lines: LogLine[] };

export class LogFeed extends Feed<LogSnapshot> {
  #lines: LogLine[] = [];
  /** A chunk came that the reading under way may have missed. */
  #isBehind = false;
  /** Read after the operation's end, so that nothing more can come. */
  #isWhole = false;

  override get current(): LogSnapshot {
    return { lines: [...this.#lines], ...this.facts };
  }

  /** What lies behind a hole is left for the next reading. */
  override receive(message: unknown): void {
    const { lines } = message as Chunk;
    if ((lines[0]?.seq ?? 0) <= this.#last + 1) this.#append(lines);
    else if (this.isReading) this.#isBehind = true;
    else void this.refresh();
  }

  override forget(): boolean {
    this.#isWhole = false;
    return this.#lines.splice(0).length > 0;
  }

  /** An answer may be cut, so the log is read until nothing more comes. */
  protected override async read(signal: AbortSignal): Promise<void> {
    const { http } = this.line;
    if (this.#isWhole && !this.isSubscribed) return;
    const ask = <T>(path: string): Promise<T> => http.request('GET', path, { signal });
    const isEnded = !this.isSubscribed && !isActive(await ask<Operation>(this.path.replace(/\/log$/, '')));
    let isMore = true;
    while (isMore) {
      this.#isBehind = false;
      const { lines } = await ask<Chunk>(`${this.path}?after=${this.#last}`);
      // What was asked for behind lines that are forgotten by now would leave a hole before it.
      if (signal.aborted) return;
      this.#append(lines);
      isMore = lines.length > 0 || this.#isBehind;
    }
    this.#isWhole = isEnded;
  }

  get #last(): number {
    return this.#lines.at(-1)?.seq ?? 0;
  }

  #append(lines: LogLine[]): void {
    const before = this.#last;
    for (const line of lines) if (line.seq > this.#last) this.#lines.push(line);
    if (this.#last > before) this.changed();
  }
}
