/** Text of a bounded length that says where it was cut. */

const MARK = '…';
const ESC = '\u001b';
export const RESET = `${ESC}[0m`;

/** At the end of what was cut: the beginning of a colour's sequence, or half a character. */
const TORN = new RegExp(`(?:${ESC}(?:\\[[0-9;:]*)?|[\ud800-\udbff])$`);

/** No longer than `maxLength`, the mark of a cut included; a colour that was on there does not run into what follows. */
export function bounded(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength - MARK.length - RESET.length).replace(TORN, '');
  return `${kept}${MARK}${kept.includes(ESC) ? RESET : ''}`;
}
