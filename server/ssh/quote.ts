/** The one place where words become part of a remote command line. */

const NUL = String.fromCharCode(0);

/** One word for any POSIX shell, whatever it holds; throws where it holds a NUL, which no command line can. */
export function quote(word: string): string {
  if (word.includes(NUL)) throw new Error('A word of a command line cannot hold a NUL.');
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * A command line that has /bin/sh run the script with these words as $1, $2, …, whichever shell the account signs in
 * with. Names come in as words and never as text of the script.
 */
export function shCommand(script: string, ...words: string[]): string {
  return ['exec /bin/sh -c', quote(script), 'sh', ...words.map(quote)].join(' ');
}
