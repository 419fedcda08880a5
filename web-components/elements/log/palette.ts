/** A terminal's colours as ours: a colour is only ever a state here, so each becomes the state or the ink that is nearest to it. */

/** How a piece of output looks. `ink` and `ground` name our colours; null: as the line has it. */
export interface Style {
  readonly ink: Colour | null;
  readonly ground: Colour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export type Colour = 'ink' | 'ink-2' | 'ink-3' | 'taken' | 'clear' | 'stop' | 'caution';

export const plain: Style = {
  ink: null,
  ground: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** Black, red, green, yellow, blue, magenta, cyan, white; bright black is what terminals use as grey. */
const basic: readonly Colour[] = ['ink', 'stop', 'clear', 'caution', 'taken', 'ink-2', 'taken', 'ink'];
const bright: readonly Colour[] = ['ink-3', ...basic.slice(1)];

const attributes: Readonly<Record<number, Partial<Style>>> = {
  0: plain,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { ink: null },
  49: { ground: null },
};

/** Greys keep their depth; the rest goes by its hue, in degrees. */
function nearest(red: number, green: number, blue: number): Colour {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range < 48) return most > 64 && most < 176 ? 'ink-3' : 'ink';
  const side =
    most === red ? (green - blue) / range : most === green ? 2 + (blue - red) / range : 4 + (red - green) / range;
  const hue = (side * 60 + 360) % 360;
  if (hue < 20 || hue >= 340) return 'stop';
  if (hue < 70) return 'caution';
  if (hue < 165) return 'clear';
  return hue < 285 ? 'taken' : 'ink-2';
}

/** One of the 256: 16 named ones, a cube of 6 × 6 × 6, 24 greys. */
function indexed(index: number): Colour {
  if (index < 16) return (index < 8 ? basic[index] : bright[index - 8]) ?? 'ink';
  if (index >= 232) return nearest(...([8, 8, 8].map((base) => base + (index - 232) * 10) as [number, number, number]));
  const level = (place: number): number => (Math.floor((index - 16) / place) % 6) * 51;
  return nearest(level(36), level(6), level(1));
}

/** The colour that `5;N` or `2;R;G;B` names, and how many numbers that took; null where they name none. */
function extended([kind, ...values]: readonly number[]): { colour: Colour; taken: number } | null {
  const [first = 0, green = 0, blue = 0] = values.map((value) => Math.min(255, value));
  if (kind === 5) return { colour: indexed(first), taken: 2 };
  return kind === 2 ? { colour: nearest(first, green, blue), taken: 4 } : null;
}

function coloured(code: number): Partial<Style> {
  const colour = (code % 100 >= 90 || code >= 100 ? bright : basic)[code % 10];
  if (!colour || code % 10 > 7) return {};
  const isGround = (code >= 40 && code < 50) || code >= 100;
  return isGround ? { ground: colour } : { ink: colour };
}

/** One parameter with what follows it in its own group (`38:5:196`), as some programs write it. */
function grouped(style: Style, [code = 0, ...rest]: readonly number[]): Style {
  if (code === 4) return { ...style, underline: rest[0] !== 0 };
  // Between 2 and the colours there may be the number of a colour space.
  const values = rest[0] === 2 && rest.length > 4 ? [2, ...rest.slice(2)] : rest;
  const found = code === 38 || code === 48 ? extended(values) : null;
  return found ? { ...style, [code === 38 ? 'ink' : 'ground']: found.colour } : style;
}

const numbersOf = (text: string, separator: string): number[] => text.split(separator).map((part) => Number(part) || 0);

/** The style after `ESC [ parameters m`; what is unknown changes nothing. */
export function restyled(style: Style, parameters: string): Style {
  const parts = parameters.split(';');
  let result = style;
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    const code = Number(part) || 0;
    if (part.includes(':')) result = grouped(result, numbersOf(part, ':'));
    else if (code === 38 || code === 48) {
      const found = extended(numbersOf(parts.slice(at + 1).join(';'), ';'));
      if (!found) return result;
      result = { ...result, [code === 38 ? 'ink' : 'ground']: found.colour };
      at += found.taken;
    } else result = { ...result, ...(attributes[code] ?? (code >= 30 && code < 108 ? coloured(code) : {})) };
  }
  return result;
}

/** The classes of a style; nothing for a plain one. */
export function classesOf(style: Style): string {
  const { ink, ground } = style;
  const marks = (['bold', 'dim', 'italic', 'underline', 'strike', 'inverse'] as const).filter((name) => style[name]);
  return [ink && `ink-${ink}`, ground && `ground-${ground}`, ...marks].filter(Boolean).join(' ');
}
