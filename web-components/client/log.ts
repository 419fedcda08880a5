/** The lines of one operation's log, in order and without holes. */
import type { LogLine, LogSnapshot, Operation } from './contract.js';
import { Feed, type Desk } from './feed.js';
import { isActive } from './rows.js';
import { isRefusal, operationPath, REFUSED_REST_MS } from './scope.js';

interface Chunk {
  seq: number;
  lines: LogLine[];
}

/** What a log needs beside what every feed needs. */
export interface LogDesk extends Desk {
  /** The operation as some scope knows it. */
  find(connectionId: number, operationId: string): Operation | null;
}

export class LogFeed extends Feed<LogSnapshot> {
  declare protected readonly desk: LogDesk;
  readonly #connectionId: number;
  readonly #operationId: string;
  #lines: LogLine[] = [];
  /** Chunks that came while the log is being read, or that lie behind a hole. */
  #held: Chunk[] = [];
  #reading = false;
  #endSeen = false;

  constructor(desk: LogDesk, connectionId: number, operationId: string) {
    super(desk, `${operationPath(connectionId, operationId)}/log`);
    this.#connectionId = connectionId;
    this.#operationId = operationId;
  }

  override snapshot(): LogSnapshot {
    return { lines: [...this.#lines], known: this.known };
  }

  override receive(message: unknown): void {
    const chunk = message as Chunk;
    const hole = this.#startOf(chunk) > this.#last + 1;
    if (!this.#reading && !hole) return this.#append(chunk.lines);
    this.#held.push(chunk);
    if (!this.#reading) this.refresh();
  }

  /** The log of an ended operation that was read after its end does not grow any more. */
  override get resting(): boolean {
    return this.#endSeen || super.resting;
  }

  protected override begin(): void {
    this.#reading = true;
  }

  protected override async read(outdated: () => boolean): Promise<void> {
    try {
      const ended = await this.#isEnded();
      await this.#fill(outdated);
      while (!outdated() && this.#hole) await this.#fillHole(outdated);
      if (!outdated()) this.#endSeen = ended;
    } catch (error) {
      if (outdated()) return;
      if (!isRefusal(error)) throw error;
      this.restUntil = this.desk.around.now() + REFUSED_REST_MS;
    }
    if (!outdated()) this.#done();
  }

  protected override clear(): void {
    this.#lines = [];
    this.#held = [];
    this.#endSeen = false;
  }

  get #last(): number {
    return this.#lines.at(-1)?.seq ?? 0;
  }

  /** Only a log without a subscription needs to know: it is polled until the operation has ended. */
  async #isEnded(): Promise<boolean> {
    if (this.desk.socket !== null && !this.polled) return false;
    const known = this.desk.find(this.#connectionId, this.#operationId);
    const address = operationPath(this.#connectionId, this.#operationId);
    return !isActive(known ?? (await this.desk.http.request<Operation>('GET', address)));
  }

  get #hole(): boolean {
    return this.#held.some((chunk) => this.#startOf(chunk) > this.#last + 1);
  }

  #startOf(chunk: Chunk): number {
    return chunk.lines[0]?.seq ?? chunk.seq;
  }

  /** An answer may be cut, so the log is read until nothing more comes. */
  async #fill(outdated: () => boolean): Promise<void> {
    for (;;) {
      const chunk = await this.desk.http.request<Chunk>('GET', `${this.path}?after=${this.#last}`);
      if (outdated() || chunk.lines.length === 0) return;
      this.#append(chunk.lines);
    }
  }

  /** Where the store, asked after a chunk came, has no lines before it, there are none. */
  async #fillHole(outdated: () => boolean): Promise<void> {
    const held = this.#held;
    this.#held = [];
    await this.#fill(outdated);
    if (!outdated()) this.#take(held);
  }

  #take(held: Chunk[]): void {
    for (const chunk of held.sort((a, b) => this.#startOf(a) - this.#startOf(b))) this.#append(chunk.lines);
  }

  #done(): void {
    this.#take(this.#held);
    this.#held = [];
    this.#reading = false;
    if (!this.known) this.changed();
    this.known = true;
  }

  #append(lines: LogLine[]): void {
    const fresh = lines.filter((line) => line.seq > this.#last);
    if (fresh.length === 0) return;
    this.#lines.push(...fresh);
    this.changed();
  }
}
