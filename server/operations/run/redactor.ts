/** Keeps opened credentials out of whatever an operation says: each known value is blanked, also in the usual encodings. */
import { colouredText, plainText, SGR } from '../../ssh/text.js';
import { bounded, RESET } from './bounded.js';

const BLANK = '•••';
/** Shorter values would blank ordinary words, and one that short protects nothing. */
const SHORTEST = 4;
const SHORTEST_KEY_LINE = 24;
const MAX_TEXT = 4096;
const MAX_JSON_TEXT = 8192;

/** What may stand between two characters of a secret: a colour that changes inside it, a line that was folded there. */
const BETWEEN = `(?:${SGR}|\\n)*`;

/** A colour that is taken back behind the last line's end is no line of its own. */
const LAST_BREAK = new RegExp(`\\n((?:${SGR})*)$`, 'u');

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_KEY_LINE);
  const whole = secret.includes('\n') ? [] : [secret];
  return [...whole, ...lines].flatMap((value) => [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(Buffer.from(value).toString()),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ]);
}

const longestFirst = (values: Iterable<string>): string[] =>
  [...new Set(values)].filter((value) => value.length >= SHORTEST).sort((a, b) => b.length - a.length);

const escaped = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

/** Finds a value in text that is stripped already, so the value is stripped too. */
const patternOf = (value: string): RegExp => new RegExp([...value].map(escaped).join(BETWEEN), 'gu');

const strippedForm = (value: string): string => plainText(value, Infinity).replaceAll('\n', '');

/** Lines stay as many as they were; a colour that changed inside the stretch ends with it. */
function blankFor(stretch: string): string {
  const reset = stretch.includes('\u001b') ? RESET : '';
  return `${BLANK}${reset}${stretch.replace(/[^\n]/g, '')}`;
}

export class Redactor {
  #values: string[] = [];
  #patterns: RegExp[] = [];

  /** Remembers a secret, and each long line of one that has several (a private key). */
  add(secret: string | null): void {
    if (!secret) return;
    this.#values = longestFirst([...this.#values, ...formsOf(secret)]);
    this.#patterns = longestFirst(this.#values.map(strippedForm)).map(patternOf);
  }

  /** Remote text made safe to store and show: no secret, no control sequence, bounded. */
  text(raw: string): string {
    return bounded(this.#blank(raw, stripped), MAX_TEXT);
  }

  /** The same line by line; what a device wrote keeps its colours (SGR) and no other sequence. */
  lines(raw: string, { coloured }: { coloured: boolean }): string[] {
    const text = this.#blank(raw, coloured ? colouredText : stripped);
    return text
      .replace(LAST_BREAK, '$1')
      .split('\n')
      .map((line) => bounded(line, MAX_TEXT));
  }

  /** As `text`, for every string inside JSON data. */
  json<T>(value: T): T {
    if (typeof value === 'string') return this.#blank(value, stripped).slice(0, MAX_JSON_TEXT) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.json(item)) as T;
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.json(item as unknown)])) as T;
  }

  /** Before the stripping, which may eat a part of a value; and after it, where sequences inside a value are gone. */
  #blank(raw: string, strip: (text: string) => string): string {
    const once = this.#values.reduce((text, value) => text.replaceAll(value, BLANK), raw);
    return this.#patterns.reduce((text, pattern) => text.replace(pattern, blankFor), strip(once));
  }
}

function stripped(text: string): string {
  return plainText(text, Infinity);
}
