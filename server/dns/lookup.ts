/** Questions to the configured resolvers, in turn; one that was silent is asked last from then on. */
import { DnsError } from './errors.js';
import { ask, type Patience } from './exchange.js';
import { dataOf, type Question, type Reply } from './message.js';
import { shownServer, type NameServer } from './name-server.js';

const ANSWERED = ['NOERROR', 'NXDOMAIN'];

export class Lookup {
  readonly patience: Patience;
  readonly resolvers: readonly NameServer[];
  #inTurn: NameServer[];

  constructor(resolvers: readonly NameServer[], patience: Patience) {
    this.resolvers = resolvers;
    this.patience = patience;
    this.#inTurn = [...resolvers];
  }

  /** Rejects with DNS_UNREACHABLE where all are silent, with DNS_FAILED where those that speak can't say. */
  async ask(question: Question): Promise<Reply> {
    const refusals: string[] = [];
    for (const resolver of this.#inTurn.slice()) {
      const reply = await ask(resolver, question, true, this.patience);
      if (reply && ANSWERED.includes(reply.rcode)) return reply;
      if (reply) refusals.push(`${shownServer(resolver)} answered ${reply.rcode}`);
      this.#inTurn = [...this.#inTurn.filter((other) => other !== resolver), resolver];
    }
    throw this.#failure(question, refusals);
  }

  /** Every address of a host; none where it has none. */
  async addressesOf(host: string): Promise<string[]> {
    const replies = await Promise.all([this.ask({ name: host, type: 'A' }), this.ask({ name: host, type: 'AAAA' })]);
    return replies.flatMap(({ answers }) => [...dataOf(answers, 'A'), ...dataOf(answers, 'AAAA')]);
  }

  #failure({ name, type }: Question, refusals: string[]): DnsError {
    const hint = 'Check SIGNALBOX_DNS_RESOLVERS, or the name servers of the machine that runs Signalbox.';
    if (refusals.length === 0)
      return new DnsError('DNS_UNREACHABLE', `None of the resolvers answers (${this.#shown()}).`, { hint });
    return new DnsError('DNS_FAILED', `No resolver can look up ${name} (${type}): ${refusals.join(', ')}.`, { hint });
  }

  #shown(): string {
    return this.resolvers.map(shownServer).join(', ');
  }
}
