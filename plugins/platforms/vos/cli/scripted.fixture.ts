/** A session to an appliance that is a function, for what no real one can be made to say. */
import type { SshSession, SshShell } from '../../../../server/ssh/contract.js';

export const START = '   Welcome to the Platform Command Line Interface\r\nadmin:';

export interface Scripted {
  session: SshSession;
  /** All that was written, piece by piece. */
  written: string[];
  end(why: Error | null): void;
}

/** `answer` hears each piece that is written, first the empty one of the start; each `say` is a piece of its own. */
export function scripted(answer: (written: string, say: (text: string) => void) => void): Scripted {
  const written: string[] = [];
  let listener: (text: string) => void = () => undefined;
  let end: (why: Error | null) => void = () => undefined;
  const ended = new Promise<Error | null>((resolve) => (end = resolve));
  const say = (text: string) => void setImmediate(() => listener(text));
  const shell: SshShell = {
    ended,
    onText(next) {
      listener = next;
      answer('', say);
    },
    write(text) {
      written.push(text);
      if (text === 'exit\n') end(null);
      else answer(text, say);
      return Promise.resolve();
    },
    close: () => end(null),
  };
  const session = { shell: () => Promise.resolve(shell), close: () => end(null) } as unknown as SshSession;
  return { session, written, end: (why) => end(why) };
}
