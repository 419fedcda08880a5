/**
 * The names of the tokens as the sheets use them, `--_ink-2`, are nobody's but ours, and every host sets all of them anew: what
 * travels has shorter ones. The names that a page may set, `--signalbox-ink-2`, stay.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const TOKENS = 'web-components/styles/tokens.styles.ts';
const TOKEN = /--_[\w-]+/g;

/** Makes what shortens, in any source, the names that the tokens' sheet defines. */
export function shortening(sheet) {
  const names = new Set(sheet.match(TOKEN));
  const short = new Map([...names].map((name, index) => [name, `--_${index.toString(36)}`]));
  return (code) => code.replace(TOKEN, (name) => short.get(name) ?? name);
}

/** The same with the tokens of a checkout; nothing is shortened where it has none. */
export function shorteningIn(directory) {
  const path = join(directory, TOKENS);
  return shortening(existsSync(path) ? readFileSync(path, 'utf8') : '');
}
