/** Where an escape sequence ends, one character at a time, by the rules of text.ts; nothing of it is kept. */

const ESC = '\u001b';
const BEL = '\u0007';
const C1_CSI = '\u009b';
const C1_OSC = '\u009d';

/**
 * `escape`: after ESC; `intermediate`: an escape sequence with intermediate bytes; `csi`, `csi_intermediate`: the same for
 * a control sequence; `string`: OSC, DCS, SOS, PM or APC, which runs to BEL or ST, or to the end of the line where the
 * sender left that out; `string_escape`: after an ESC that may begin its ST.
 */
type State = 'none' | 'escape' | 'intermediate' | 'csi' | 'csi_intermediate' | 'string' | 'string_escape';

const isIntermediate = (char: string) => char >= ' ' && char <= '/';
const isParameter = (char: string) => char >= '0' && char <= '?';
const isCsiFinal = (char: string) => char >= '@' && char <= '~';
const isEscapeFinal = (char: string) => char >= '0' && char <= '~';

export class TerminalSequence {
  #state: State = 'none';

  /** Whether a sequence has begun that has not ended. */
  get open(): boolean {
    return this.#state !== 'none';
  }

  /** Whether this character, outside of a sequence, begins one. */
  begins(char: string): boolean {
    const states: Record<string, State> = { [ESC]: 'escape', [C1_CSI]: 'csi', [C1_OSC]: 'string' };
    this.#state = states[char] ?? 'none';
    return this.open;
  }

  /** Whether the character belongs to the open sequence; one that does not has ended it. */
  takes(char: string): boolean {
    const next = this.#next(char);
    this.#state = next ?? 'none';
    return next !== null;
  }

  /** Null where the character does not belong to the sequence. */
  #next(char: string): State | null {
    switch (this.#state) {
      case 'none':
        return null;
      case 'escape':
        return afterEscape(char);
      case 'intermediate':
        return isIntermediate(char) ? 'intermediate' : isEscapeFinal(char) ? 'none' : null;
      case 'csi':
        return isParameter(char) ? 'csi' : afterParameters(char);
      case 'csi_intermediate':
        return afterParameters(char);
      case 'string':
        return inString(char);
      case 'string_escape':
        return char === '\\' ? 'none' : afterEscape(char);
    }
  }
}

function afterEscape(char: string): State | null {
  if (char === '[') return 'csi';
  if (/[\]PX^_]/u.test(char)) return 'string';
  if (isIntermediate(char)) return 'intermediate';
  return isEscapeFinal(char) ? 'none' : null;
}

function afterParameters(char: string): State | null {
  if (isIntermediate(char)) return 'csi_intermediate';
  return isCsiFinal(char) ? 'none' : null;
}

function inString(char: string): State | null {
  if (char === BEL) return 'none';
  if (char === ESC) return 'string_escape';
  return char === '\n' || char === '\r' ? null : 'string';
}
