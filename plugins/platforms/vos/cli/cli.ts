/** An interactive session on an appliance: one command at a time, each at a seen prompt, each exactly one line. */
import type { SshSession, SshShell } from '../../../../server/ssh/contract.js';
import { SshError } from '../../../../server/ssh/errors.js';
import { Conversation } from './conversation.js';
import { answerTo } from './cues.js';
import { Pulse } from './pulse.js';
import type { CliTiming } from './timing.js';

export interface CliOptions {
  /** Ends the session at once. */
  signal: AbortSignal;
  timing: CliTiming;
}

/** What came next: complete lines, the prompt that ends a command, or nothing for as long as was asked. */
export type Heard = { what: 'lines'; lines: string[] } | { what: 'prompt' } | { what: 'silence' };

const COMMAND = /^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/u;
const WELCOME = 'Welcome to the Platform Command Line Interface';
/** Of one command: a list has a dozen pages at most, so an appliance that goes on for ever is not answered for ever. */
const MAX_ANSWERS = 1000;
/** Of one command's output; the rest is read and dropped. */
const MAX_OUTPUT = 256 * 1024;

export class Cli {
  readonly #shell: SshShell;
  readonly #timing: CliTiming;
  readonly #conversation = new Conversation();
  readonly #pulse = new Pulse();
  #atPrompt = false;
  #consents = false;
  #answered = 0;

  private constructor(shell: SshShell, timing: CliTiming) {
    this.#shell = shell;
    this.#timing = timing;
    shell.onText((text) => {
      this.#conversation.hear(text);
      this.#pulse.beat();
    });
    void shell.ended.then((why) => this.#pulse.stop(why ?? closedByHost()));
  }

  /**
   * Opens a shell, waits for the prompt (a slow node takes a minute and more) and turns the pager off. Throws an
   * `SshError` (SSH_SHELL_NOT_READY, SSH_TIMEOUT_READY, SSH_CONNECTION_LOST) or the signal's reason; then the shell is closed.
   */
  static async open(session: SshSession, { signal, timing }: CliOptions): Promise<Cli> {
    const cli = new Cli(await session.shell({ signal }), timing);
    try {
      await cli.#ready();
      // Some versions answer nothing and some leave the pager on: both are well, pagers are answered anyway.
      await cli.run('set cli pagination off');
      return cli;
    } catch (error) {
      await cli.close();
      throw error;
    }
  }

  /** Why no command can be given any more; null while one can. */
  get lost(): Error | null {
    return this.#pulse.over;
  }

  /**
   * Gives a command; its output comes by `next`. `consents` answers its questions with yes, else they get a no.
   * Throws where there is no prompt, where the shell has ended, and for anything but one line of printable ASCII.
   */
  async send(command: string, { consents = false } = {}): Promise<void> {
    if (!COMMAND.test(command)) throw new Error('A command is one line of printable ASCII.');
    if (this.lost) throw this.lost;
    if (!this.#atPrompt) throw new Error('A command is only given at a prompt.');
    this.#atPrompt = false;
    this.#consents = consents;
    this.#answered = 0;
    this.#conversation.expect(command);
    await this.#shell.write(`${command}\n`);
  }

  /** What comes next; pagers and questions are answered on the way. Throws where the session is lost. */
  async next(silenceMs: number): Promise<Heard> {
    for (;;) {
      const lines = this.#conversation.take();
      if (lines.length > 0) return { what: 'lines', lines };
      const { cue } = this.#conversation;
      // What looks like a prompt in the midst of output is followed by more; only at rest it is one.
      const silent = await this.#pulse.silent(cue === 'nothing' ? silenceMs : this.#timing.quietMs);
      if (!silent) continue;
      if (cue === 'nothing') return { what: 'silence' };
      if (cue !== 'prompt') await this.#answer(cue);
      else {
        this.#atPrompt = true;
        return { what: 'prompt' };
      }
    }
  }

  /**
   * Gives a command and answers with its output, of which 256 KiB are kept. Throws SSH_TIMEOUT_COMMAND where no prompt
   * follows in time, and the signal's reason; then the session is over.
   */
  async run(command: string, signal?: AbortSignal): Promise<string[]> {
    await this.send(command);
    const late = new SshError('SSH_TIMEOUT_COMMAND', `The appliance did not end the command “${command}” in time.`, {
      retryable: true,
    });
    const abort = () => this.#stop(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    try {
      return await this.#withLimit(this.#timing.commandTimeoutMs, late, () => this.#collect());
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Says `exit` where there is a prompt, and closes the shell in any case: sessions are few. */
  async close(): Promise<void> {
    if (this.#atPrompt && !this.lost) {
      this.#atPrompt = false;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, this.#timing.exitTimeoutMs)));
      const left = Promise.allSettled([this.#shell.write('exit\n'), this.#shell.ended]);
      await Promise.race([left, late]);
      clearTimeout(timer);
    }
    this.#shell.close();
  }

  async #collect(): Promise<string[]> {
    const all: string[] = [];
    let room = MAX_OUTPUT;
    for (;;) {
      const heard = await this.next(this.#timing.commandTimeoutMs);
      if (heard.what === 'prompt') return all;
      if (heard.what === 'lines') for (const line of heard.lines) if ((room -= line.length + 1) >= 0) all.push(line);
    }
  }

  async #ready(): Promise<void> {
    const { readyTimeoutMs } = this.#timing;
    const seconds = Math.round(readyTimeoutMs / 1000);
    const late = new SshError(
      'SSH_TIMEOUT_READY',
      `The appliance let us in but showed no prompt within ${seconds} seconds.`,
    );
    await this.#withLimit(readyTimeoutMs, late, () => this.#awaitPrompt());
  }

  /** Some nodes show no prompt until a newline comes; one is sent, once, when all is silent after the welcome. */
  async #awaitPrompt(): Promise<void> {
    let welcomed = false;
    let nudged = false;
    for (;;) {
      const heard = await this.next(this.#timing.nudgeAfterMs);
      if (heard.what === 'prompt') return;
      if (heard.what === 'lines') welcomed ||= heard.lines.some((line) => line.includes(WELCOME));
      else if (welcomed && !nudged) {
        nudged = true;
        await this.#shell.write('\n');
      }
    }
  }

  async #answer(cue: Parameters<typeof answerTo>[0]): Promise<void> {
    if (++this.#answered > MAX_ANSWERS)
      throw new SshError('SSH_TIMEOUT_COMMAND', 'The appliance asks without end.', { retryable: false });
    this.#conversation.answered();
    await this.#shell.write(answerTo(cue, this.#consents));
  }

  /** Nothing more is heard or said. */
  #stop(why: Error): void {
    this.#pulse.stop(why);
    this.#shell.close();
  }

  /** Ends the session with this error when the time is up, so that whatever waits on it ends too. */
  async #withLimit<T>(limitMs: number, late: Error, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#stop(late), limitMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }
}

function closedByHost(): SshError {
  return new SshError('SSH_CONNECTION_LOST', 'The appliance closed the session.');
}
