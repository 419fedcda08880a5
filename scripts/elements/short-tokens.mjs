/**
 * The names of the tokens as the sheets use them, `--_ink-2`, are nobody's but ours, and every host sets all of them anew: what
 * travels has shorter ones. The names that a page may set, `--signalbox-ink-2`, stay.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SHEETS = ['first-tokens', 'further-tokens'].map((name) => `web-components/styles/${name}.styles.ts`);
const TOKEN = /--_[\w-]+/g;

/** Makes what shortens, in any source, the names that the tokens' sheets define. */
export function shortening(sheet) {
  const names = new Set(sheet.match(TOKEN));
  const short = new Map([...names].map((name, index) => [name, `--_${index.toString(36)}`]));
  return (code) => code.replace(TOKEN, (name) => short.get(name) ?? name);
}

/** The sheets that define the tokens, as one text; empty where a checkout has none. */
export function tokenSheets(directory) {
  const sheets = SHEETS.map((sheet) => join(directory, sheet)).filter((path) => existsSync(path));
  return sheets.map((path) => readFileSync(path, 'utf8')).join('\n');
}

/** Shortens with the tokens of a checkout. */
export const shorteningIn = (directory) => shortening(tokenSheets(directory));
