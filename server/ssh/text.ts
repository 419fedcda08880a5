/** What a remote side writes is text, never markup, terminal control or a way to reorder what people read. */

const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);
const C1_CSI = String.fromCharCode(0x9b);
const C1_OSC = String.fromCharCode(0x9d);

// OSC, DCS, SOS, PM and APC run to BEL or ST, or to the end of the line where the sender left that out.
const STRINGS = new RegExp(`(?:${ESC}[\\]PX^_]|${C1_OSC})[^${BEL}${ESC}\\n]*(?:${BEL}|${ESC}\\\\)?`, 'gu');
const SEQUENCES = new RegExp(`(?:${ESC}\\[|${C1_CSI})[0-?]*[ -/]*[@-~]?|${ESC}[ -/]*[0-~]?`, 'gu');
const CONTROLS = /[^\P{Cc}\n\t]/gu;
const CONTROLS_BUT_ESC = new RegExp(`[^\\P{Cc}\\n\\t${ESC}]`, 'gu');
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Select Graphic Rendition with parameters of a size that colours have: a longer one could carry what is no colour. */
export const SGR = `${ESC}\\[(?:[0-9]{0,3}[;:]){0,15}[0-9]{0,3}m`;
const ONLY_SGR = new RegExp(`^${SGR}$`, 'u');

const MAX_TEXT = 8192;
const MAX_LINE = 255;

/** The text without terminal sequences, C0 and C1 controls (line feed and tab stay) and bidi controls. */
export function plainText(text: string, maxLength = MAX_TEXT): string {
  return text
    .replace(/\r\n?/gu, '\n')
    .replace(STRINGS, '')
    .replace(SEQUENCES, '')
    .replace(CONTROLS, '')
    .replace(INVISIBLE, '')
    .slice(0, maxLength);
}

/** The same, but colours stay: what is left of ESC begins a well-formed SGR sequence. */
export function colouredText(text: string): string {
  return text
    .replace(/\r\n?/gu, '\n')
    .replace(STRINGS, '')
    .replace(SEQUENCES, (sequence) => (ONLY_SGR.test(sequence) ? sequence : ''))
    .replace(CONTROLS_BUT_ESC, '')
    .replace(INVISIBLE, '');
}

/** Plain text on one line, with runs of white space as one space. */
export function plainLine(text: string, maxLength = MAX_LINE): string {
  return plainText(text).replace(/\s+/gu, ' ').trim().slice(0, maxLength);
}

/** Names out of a remote list (algorithms, methods): what is not a protocol name is left out. */
export function plainNames(names: readonly string[], most = 24): string[] {
  return names.filter((name) => /^[A-Za-z0-9][A-Za-z0-9@._+-]{0,63}$/u.test(name)).slice(0, most);
}
