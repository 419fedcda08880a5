import { msg, number, str } from '../../localisation/door.js';
import { plural } from '../../localisation/plural.js';

export function linesSentence(count: number): string {
  return plural(count, { one: msg(str`${number(count)} line`), other: msg(str`${number(count)} lines`) });
}

/** “3 of 17”, “Searching…”, “No match”. */
export function matchSentence(isSearching: boolean, count: number, current: number): string {
  if (count > 0) return msg(str`${number(current + 1)} of ${number(count)}`);
  return isSearching ? msg('Searching…') : msg('No match');
}

export function copiedSentence(isCopied: boolean, lines: number | null): string {
  if (!isCopied) return msg('The browser did not allow copying. Download the output instead.');
  if (lines === null) return msg('Selection copied');
  return plural(lines, { one: msg(str`${number(lines)} line copied`), other: msg(str`${number(lines)} lines copied`) });
}
