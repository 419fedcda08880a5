/** One session with its command line, opened and closed together. */
import type { RestartRun } from '../../../../server/platforms/contract.js';
import type { SshSession } from '../../../../server/ssh/contract.js';
import { Cli } from '../cli/cli.js';
import type { World } from '../world.js';

/** For the way to the session; the prompt has a limit of its own on top. */
const OPEN_TIMEOUT_MS = 60_000;

export interface DeskSignals {
  /** Ends it at any time. */
  life: AbortSignal;
  /** Ends it only while it opens: a step's time-out must not end what outlives the step. */
  opening: AbortSignal;
}

/** Hands an abort on; the answer ends that. */
function follow(signal: AbortSignal, control: AbortController): () => void {
  const abort = () => control.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

export class Desk {
  readonly cli: Cli;
  readonly #session: SshSession;
  readonly #unfollow: () => void;

  private constructor(session: SshSession, cli: Cli, unfollow: () => void) {
    this.#session = session;
    this.cli = cli;
    this.#unfollow = unfollow;
  }

  /** Throws what the session or the command line throws, or a signal's reason; then nothing stays open. */
  static async open(run: RestartRun, world: World, { life, opening }: DeskSignals): Promise<Desk> {
    const control = new AbortController();
    const unfollow = follow(life, control);
    const opened = follow(opening, control);
    try {
      const session = await openInTime(run, control);
      const cli = await openCli(session, world, control.signal);
      return new Desk(session, cli, unfollow);
    } catch (error) {
      unfollow();
      throw error;
    } finally {
      opened();
    }
  }

  async close(): Promise<void> {
    await this.cli.close();
    this.#session.close();
    this.#unfollow();
  }
}

async function openInTime(run: RestartRun, control: AbortController): Promise<SshSession> {
  const late = () => control.abort(new DOMException('The session was not open in time.', 'TimeoutError'));
  const timer = setTimeout(late, OPEN_TIMEOUT_MS);
  try {
    return await run.open(control.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function openCli(session: SshSession, world: World, signal: AbortSignal): Promise<Cli> {
  try {
    return await Cli.open(session, { signal, timing: world.cli });
  } catch (error) {
    session.close();
    throw error;
  }
}
