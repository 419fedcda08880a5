/** Chance that never moves: the same words always give the same share. */
import { createHash } from 'node:crypto';

/** From 0 up to, not including, 1; evenly spread over all words. */
export function share(...words: (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(words)).digest().readUInt32BE() / 2 ** 32;
}
