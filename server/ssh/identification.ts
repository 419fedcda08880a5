/** The host's identification line (RFC 4253 §4.2), read beside ssh2, which keeps only a part of it. */
import { plainLine } from './text.js';

const MAX_LINE_BYTES = 16 * 1024;

export class Identification {
  #rest = '';
  #heard = false;
  #line: string | null = null;

  /** Whether anything came at all. */
  get heard(): boolean {
    return this.#heard;
  }

  /** The line as plain text; null until the host named itself as one that speaks SSH 2. */
  get line(): string | null {
    return this.#line;
  }

  hear(chunk: Buffer): void {
    this.#heard = true;
    if (this.#line !== null) return;
    // Other lines may come first; a line that has no end yet is not one.
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE_BYTES);
    const line = lines.find((candidate) => /^SSH-(?:2\.0|1\.99)-/u.test(candidate));
    if (line !== undefined) this.#line = plainLine(line);
  }
}
