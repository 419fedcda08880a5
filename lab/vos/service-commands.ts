/** `utils service start|stop|restart`: gives the order, then shows a state line per poll until there is nothing to wait for. */
import { NOT_ACTIVATED } from './catalogue.js';
import type { Command } from './commands.js';
import type { VosNode } from './node.js';
import type { Service, ServiceVerb } from './services.js';
import * as say from './transcript.js';
import type { Turn } from './turn.js';

export function serviceCommand(verb: ServiceVerb): Command {
  return async (turn, node, name) => {
    const reason = refusal(node, name);
    if (reason !== null) return turn.print(reason, say.UNSUCCESSFUL);
    if (verb === 'restart' && node.faults.continue_question && !isYes(await turn.ask(`${say.CONTINUE} `))) return;
    node.journal.accept(verb, name);
    node.services.command(verb, name);
    turn.print(...say.serviceHead(verb));
    if (node.faults.harmless_error) turn.print(say.HARMLESS_ERROR);
    await new Watch(turn, node, verb, name).run();
  };
}

function refusal({ services, faults }: VosNode, name: string): string | null {
  const service = services.find(name);
  if (!service) return say.reasons.unknownService(name);
  if (service.reason === NOT_ACTIVATED) return NOT_ACTIVATED;
  return faults.unsuccessful ? say.reasons.refused : null;
}

function isYes(answer: string | null): boolean {
  return /^y(?:es)?$/iu.test(answer ?? '');
}

class Watch {
  readonly #turn: Turn;
  readonly #node: VosNode;
  readonly #verb: ServiceVerb;
  readonly #name: string;
  /** `[STARTED]` comes once or twice. */
  readonly #startedLines: number;
  #started = 0;
  #silent = false;

  constructor(turn: Turn, node: VosNode, verb: ServiceVerb, name: string) {
    this.#turn = turn;
    this.#node = node;
    this.#verb = verb;
    this.#name = name;
    this.#startedLines = node.settings.seed !== null && node.random() < 0.5 ? 1 : 2;
  }

  async run(): Promise<void> {
    const { pollSeconds } = this.#node.settings;
    // The looks fall between the full polls, so that the instant in STOPPED is seen by chance only.
    await this.#turn.wait(pollSeconds / 2);
    while (!(await this.#look())) await this.#turn.wait(pollSeconds);
  }

  /** Shows one state line; answers whether the prompt comes back. */
  async #look(): Promise<boolean> {
    const service = this.#node.services.find(this.#name) as Service;
    if (service.state !== 'STARTING') this.#silent = false;
    if (!this.#silent) this.#turn.print(say.stateLine(service));
    if (service.state === 'STARTING') return this.#isStarting();
    if (service.state === 'STARTED') return ++this.#started === this.#startedLines;
    return service.state === 'STOPPED' && (this.#verb === 'stop' || service.reason !== '');
  }

  async #isStarting(): Promise<boolean> {
    const { faults } = this.#node;
    if (faults.drop_in_restart) await this.#turn.cut();
    this.#silent = faults.hang;
    return faults.subscriber_without_started && !faults.hang;
  }
}
