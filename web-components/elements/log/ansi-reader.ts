import { classesOf, plain, restyled, type Style } from './palette.js';

/** What moves the place of writing, or takes away what stands there; everything else that is no text is dropped. */
export type Move = 'return' | 'back' | 'newline' | 'erase-after' | 'erase-before' | 'erase-line';

/** A piece of text with its classes, or a move. */
export type Piece = { readonly text: string; readonly style: string } | { readonly move: Move };

type Mode = 'text' | 'escape' | 'intermediate' | 'control' | 'string' | 'string-escape';

/** A program that never ends a sequence must not hide the rest of its output. */
const LONGEST_CONTROL = 256;
const LONGEST_STRING = 4096;

const CONTROL = /[^\P{Cc}\t]/u;
const ESC = '\u001b';
const STRING_OPENERS = 'P]X^_';
const C1_STRINGS = '\u0090\u0098\u009d\u009e\u009f';
const STRING_ENDS = '\u0007\u009c\u0018\u001a\n';

const moves: Readonly<Record<string, Move>> = { '\r': 'return', '\b': 'back', '\n': 'newline' };
const erasing: Readonly<Record<string, Move>> = {
  '': 'erase-after',
  0: 'erase-after',
  1: 'erase-before',
  2: 'erase-line',
};

const isBetween = (char: string, first: string, last: string): boolean => char >= first && char <= last;

/**
 * Reads what a terminal would: text, colours (SGR), and the few moves of progress lines. Every other sequence is dropped.
 * It may be fed in pieces that are cut anywhere; what is begun in one is ended in the next.
 */
export class AnsiReader {
  #mode: Mode = 'text';
  #sequence = '';
  #style: Style = plain;
  #classes = '';

  /** True where the next text is plain and nothing is begun. */
  get isPlain(): boolean {
    return this.#mode === 'text' && this.#classes === '';
  }

  reset(): void {
    this.#mode = 'text';
    this.#restyle(plain);
  }

  read(chunk: string): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#mode === 'text') at = this.#text(chunk, at, pieces);
      else if (this.#step(chunk.charAt(at), pieces)) at += 1;
    }
    return pieces;
  }

  /** Takes text up to the next control character, and that one with it. */
  #text(chunk: string, from: number, pieces: Piece[]): number {
    const rest = from === 0 ? chunk : chunk.slice(from);
    const length = rest.search(CONTROL);
    const text = length < 0 ? rest : rest.slice(0, length);
    if (text) pieces.push({ text, style: this.#classes });
    if (length < 0) return chunk.length;
    this.#control(rest.charAt(length), pieces);
    return from + length + 1;
  }

  #control(char: string, pieces: Piece[]): void {
    const move = moves[char];
    if (move) pieces.push({ move });
    else if (char === ESC) this.#begin('escape');
    else if (char === '\u009b') this.#begin('control');
    else if (C1_STRINGS.includes(char)) this.#begin('string');
  }

  #begin(mode: Mode): void {
    this.#mode = mode;
    this.#sequence = '';
  }

  /** One character inside a sequence; false where it is no part of it and has to be read as text. */
  #step(char: string, pieces: Piece[]): boolean {
    switch (this.#mode) {
      case 'escape':
        return this.#escape(char);
      case 'control':
        return this.#parameter(char, pieces);
      case 'string':
        return this.#string(char);
      case 'string-escape':
        this.#begin(char === '\\' ? 'text' : 'escape');
        return char === '\\';
      case 'intermediate':
      case 'text':
        return this.#intermediate(char);
    }
  }

  #escape(char: string): boolean {
    if (char === '[') this.#begin('control');
    else if (STRING_OPENERS.includes(char)) this.#begin('string');
    else return this.#intermediate(char);
    return true;
  }

  /** Between ESC and the character that ends a short sequence: `ESC ( B` chooses a character set. */
  #intermediate(char: string): boolean {
    const goesOn = isBetween(char, ' ', '/') && this.#sequence.length < LONGEST_CONTROL;
    this.#sequence += char;
    this.#mode = goesOn ? 'intermediate' : 'text';
    return isBetween(char, ' ', '~');
  }

  #parameter(char: string, pieces: Piece[]): boolean {
    if (isBetween(char, ' ', '?') && this.#sequence.length < LONGEST_CONTROL) {
      this.#sequence += char;
      return true;
    }
    this.#mode = 'text';
    if (!isBetween(char, ' ', '~')) return false;
    if (char === 'm') this.#colour();
    const move = char === 'K' ? erasing[this.#sequence] : undefined;
    if (move) pieces.push({ move });
    return true;
  }

  /** `ESC [ > 4 m` and its like are settings of a keyboard. */
  #colour(): void {
    if (/^[\d;:]*$/.test(this.#sequence)) this.#restyle(restyled(this.#style, this.#sequence));
  }

  #restyle(style: Style): void {
    this.#style = style;
    this.#classes = classesOf(style);
  }

  /** Titles, links, pictures: all up to what ends them. */
  #string(char: string): boolean {
    this.#sequence += char;
    if (char === ESC) this.#mode = 'string-escape';
    else if (STRING_ENDS.includes(char) || this.#sequence.length > LONGEST_STRING) this.#mode = 'text';
    return char !== '\n';
  }
}
