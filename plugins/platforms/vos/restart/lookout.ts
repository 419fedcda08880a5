/**
 * Looks at a service from outside of the command that restarts it: by the list and by the served port, over a session
 * that is kept as long as it lives and opened anew, in growing intervals, when it was lost. It never restarts anything.
 */
import type { RestartRun } from '../../../../server/platforms/contract.js';
import { Backoff } from '../../../../server/ssh/backoff.js';
import { listedBy } from '../inventory.js';
import { servesPort } from '../services.js';
import { pollGapMs, settingsOf, type Settings } from '../settings.js';
import type { World } from '../world.js';
import { Desk } from './desk.js';
import type { Look, PortLook } from './sightings.js';

const PROBE_TIMEOUT_MS = 5_000;

/** After these no attempt may follow: each could lock the account, or hand the password to a stranger. */
const FINAL = new Set([
  'SSH_AUTH_REFUSED',
  'SSH_ACCOUNT_LOCKED',
  'SSH_PASSWORD_EXPIRED',
  'SSH_TOO_MANY_FAILURES',
  'SSH_HOST_KEY_CHANGED',
  'SSH_HOST_KEY_UNPROVEN',
  'SSH_KEY_UNREADABLE',
  'SSH_NO_CREDENTIALS',
  'OP_CREDENTIALS_SEALED',
]);
/** Ends that leave open whether the password counted as wrong; the third wrong one in a row locks an account. */
const DOUBTFUL = new Set(['SSH_TIMEOUT_AUTHENTICATE', 'SSH_CONNECTION_LOST']);
const MAX_DOUBTFUL = 2;

/** Looking is over for good; `cause` is why. */
export class CannotLook extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'CannotLook';
  }
}

interface Refusal {
  code: string;
  retryable: boolean;
}

function refusalOf(error: Error): Refusal {
  const { code, retryable } = error as Partial<Refusal>;
  return { code: typeof code === 'string' ? code : '', retryable: retryable !== false };
}

export class Lookout {
  readonly #run: RestartRun;
  readonly #world: World;
  readonly #settings: Settings;
  readonly #backoff = new Backoff();
  #desk: Desk | null = null;
  #doubtful = 0;
  #waitMs = 0;
  #blind: string | null = null;

  constructor(run: RestartRun, world: World) {
    this.#run = run;
    this.#world = world;
    this.#settings = settingsOf(run.connection);
  }

  /** Why the last attempt to look failed; null where it worked. */
  get blind(): string | null {
    return this.#blind;
  }

  /** Takes over a session at whose prompt no command runs any more. */
  adopt(desk: Desk): void {
    this.#desk = desk;
  }

  /**
   * Waits until it is time, then looks; null where that failed and can be tried again. Throws `CannotLook` where it
   * must not be tried again, and the signal's reason.
   */
  async look(signal: AbortSignal): Promise<Look | null> {
    await this.#world.sleep(this.#waitMs, signal);
    try {
      const look = await this.#lookNow(signal);
      this.#saw();
      return look;
    } catch (error) {
      signal.throwIfAborted();
      await this.close();
      this.#missed(error);
      return null;
    }
  }

  /** The served port now, for a service that serves one. */
  async port(signal: AbortSignal): Promise<PortLook> {
    if (!servesPort(this.#run.service)) return { is: 'not_asked' };
    const { servedPort } = this.#settings;
    try {
      const options = { timeoutMs: PROBE_TIMEOUT_MS, signal };
      const certificate = await this.#world.probeTls(this.#run.connection.hostname, servedPort, options);
      return { is: 'served', certificate };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      return { is: refusalOf(error).code === 'SSH_REFUSED' ? 'refused' : 'silent', why: error.message };
    }
  }

  async close(): Promise<void> {
    const desk = this.#desk;
    this.#desk = null;
    await desk?.close();
  }

  async #lookNow(signal: AbortSignal): Promise<Look> {
    this.#desk ??= await Desk.open(this.#run, this.#world, { life: signal, opening: signal });
    const services = await listedBy(this.#desk.cli, signal);
    const listed = services.find(({ name }) => name === this.#run.service) ?? null;
    return { listed, port: await this.port(signal) };
  }

  #saw(): void {
    this.#backoff.reset();
    this.#doubtful = 0;
    this.#waitMs = pollGapMs(this.#settings);
    this.#blind = null;
  }

  #missed(error: unknown): void {
    if (!(error instanceof Error)) throw error;
    const { code, retryable } = refusalOf(error);
    if (!retryable && DOUBTFUL.has(code)) this.#doubtful += 1;
    if (FINAL.has(code) || this.#doubtful >= MAX_DOUBTFUL) throw new CannotLook(error);
    this.#blind = error.message;
    this.#waitMs = this.#backoff.nextMs();
    this.#run.log(`The appliance could not be looked at: ${error.message}`, 'note');
  }
}
