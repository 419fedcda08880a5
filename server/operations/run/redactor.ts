/** Keeps opened credentials out of whatever an operation says: each known value is blanked, also in the usual encodings. */
import { plainText } from '../../ssh/text.js';

const BLANK = '•••';
/** Shorter values would blank ordinary words, and one that short protects nothing. */
const SHORTEST = 4;
const SHORTEST_KEY_LINE = 24;
const MAX_TEXT = 4096;

export class Redactor {
  #values: string[] = [];

  /** Remembers a secret, and each long line of one that has several (a private key). */
  add(secret: string | null): void {
    if (!secret) return;
    const lines = secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_KEY_LINE);
    const whole = secret.includes('\n') ? [] : [secret];
    const forms = [...whole, ...lines].flatMap((value) => [
      value,
      JSON.stringify(value).slice(1, -1),
      encodeURIComponent(value),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
    ]);
    const known = forms.filter((value) => value.length >= SHORTEST);
    this.#values = [...new Set([...this.#values, ...known])].sort((a, b) => b.length - a.length);
  }

  /** Remote text made safe to store and show: no secret, no control sequence, bounded. */
  text(raw: string): string {
    return plainText(this.#blank(raw)).slice(0, MAX_TEXT);
  }

  /** The same for every string inside JSON data. */
  json<T>(value: T): T {
    if (typeof value === 'string') return plainText(this.#blank(value)) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.json(item)) as T;
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.json(item as unknown)])) as T;
  }

  #blank(raw: string): string {
    return this.#values.reduce((text, value) => text.replaceAll(value, BLANK), raw);
  }
}
