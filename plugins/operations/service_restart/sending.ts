/** What is durable about the one command of a restart: that it may have been sent, and what was seen since. */
import type { JsonObject, OperationContext } from '../../../server/operations/contract.js';
import type { SentRestart } from '../../../server/platforms/contract.js';
import type { Params } from './service.js';

/** The checkpoint. A retry inherits it from another operation, whose command is not its own. */
export type State = {
  operationId: string;
  commandSent: { at: string; before: JsonObject; seen: JsonObject };
};

type Context = Pick<OperationContext<Params, State>, 'id' | 'state' | 'checkpoint'>;

export class Sending {
  readonly #context: Context;
  #sent: SentRestart | null;

  constructor(context: Context) {
    const { id, state } = context;
    this.#context = context;
    this.#sent = state?.operationId === id ? { ...state.commandSent } : null;
  }

  /** Null until the command may have been sent, by this run or by one that was lost. */
  get sent(): SentRestart | null {
    return this.#sent;
  }

  /** See `RestartRun.aboutToSend`. */
  async aboutToSend(before: JsonObject): Promise<void> {
    if (this.#sent) throw new Error('expected a restart to be sent once, got a second command');
    // Known here before it is stored: a checkpoint whose answer is lost may be stored all the same.
    this.#sent = { at: new Date().toISOString(), before, seen: {} };
    await this.#store(this.#sent);
  }

  /** See `RestartRun.saw`. */
  async saw(seen: JsonObject): Promise<void> {
    if (!this.#sent) throw new Error('expected something to be seen after the command, got it before');
    this.#sent = { ...this.#sent, seen: { ...this.#sent.seen, ...seen } };
    await this.#store(this.#sent);
  }

  #store({ at, before, seen }: SentRestart): Promise<void> {
    return this.#context.checkpoint({ operationId: this.#context.id, commandSent: { at, before, seen } });
  }
}
