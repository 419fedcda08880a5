import type { ConnectionState, Phase, Problem, SignalboxClient, Snapshot } from '../../client/contract.js';
import type { Host } from '../../controllers/index.js';
import { pageTicker, type Ticker } from '../../controllers/ticker.js';
import { ClientAttachment } from '../client-attachment.js';
import { renewalType } from '../connection/certificate-end.js';
import { isStale } from '../freshness.js';
import { Returns } from '../returns.js';
import { problemSentence } from '../words.js';
import { CertificateEnds } from './certificate-ends.js';
import { type FleetChange, FleetStore } from './fleet-store.js';
import { Recall } from './recall.js';
import { Roster } from './roster.js';

/** The client's feed of the fleet holds this many operations at most. */
const feedHolds = 200;
const minuteMs = 60_000;
const unconnected: ConnectionState = { phase: 'connecting', lastKnownAt: null };

/** All that a fleet shows, kept current: whatever comes within one drawn picture is told as one change. */
export class FleetSource {
  readonly store = new FleetStore();
  /** Whether the connections are known. */
  isKnown = false;
  /** Why they are not. */
  problem: Problem | null = null;
  readonly #host: Host;
  readonly #told: (change: FleetChange) => void;
  readonly #ticker: Ticker;
  readonly #attachment: ClientAttachment;
  #roster: Roster | null = null;
  #recall: Recall | null = null;
  #ends: CertificateEnds | null = null;
  #unwatch: () => void = () => undefined;
  #frame = 0;
  #returns = new Returns();
  #isRead = false;
  /** Operations of connections that the list did not have when it was asked for them. */
  #strange = new Set<number>();

  /** `told` hears of every change; the lines are in the store by then. */
  constructor(host: Host, told: (change: FleetChange) => void, ticker: Ticker = pageTicker()) {
    this.#host = host;
    this.#told = told;
    this.#ticker = ticker;
    this.#attachment = new ClientAttachment(host, (client) => this.#attach(client));
  }

  get state(): ConnectionState {
    return this.#attachment.client?.state ?? unconnected;
  }

  /** The connections whose rows are seen now. */
  see(ids: ReadonlySet<number>): void {
    this.#recall?.see(ids);
  }

  async retry(connectionId: number, operationId: string): Promise<void> {
    const { client } = this.#attachment;
    this.store.refuse(connectionId, null);
    try {
      const answer = await client?.retry(connectionId, operationId);
      if (answer) this.store.takeOperations([answer.operation]);
    } catch (error) {
      this.store.refuse(connectionId, problemSentence(error as Problem));
    }
    this.#draw();
  }

  #attach(client: SignalboxClient): () => void {
    const roster = new Roster(client, (connections, problem) => this.#list(connections, problem));
    const ends = new CertificateEnds(client, (known) => this.#change(() => this.store.takeCertificates(known)));
    this.#recall = new Recall(client, this.store, () => this.#draw());
    this.#roster = roster;
    this.#ends = ends;
    const unstate = client.onState(({ phase }) => this.#turn(phase));
    this.#watch(client);
    const ageing = setInterval(() => this.#change(() => this.store.age()), minuteMs);
    void roster.read();
    void ends.read();
    return () => {
      for (const end of [unstate, () => this.#unwatch(), () => roster.close(), () => ends.close()]) end();
      clearInterval(ageing);
      this.#detach();
    };
  }

  #watch(client: SignalboxClient): void {
    this.#unwatch();
    this.#unwatch = client.watchFleet(this.#ticker.timed(client, (snapshot) => this.#hear(snapshot)));
  }

  #detach(): void {
    this.#forget();
    this.#roster = this.#recall = this.#ends = null;
    this.#returns = new Returns();
  }

  #forget(): void {
    cancelAnimationFrame(this.#frame);
    this.#ticker.remove(this.#tick);
    this.#recall?.forget();
    this.store.clear();
    this.isKnown = this.#isRead = false;
    this.problem = null;
    this.#frame = 0;
    this.#strange.clear();
    this.#told({ lines: [], isMoved: true });
  }

  #list(connections: Parameters<FleetStore['takeConnections']>[0] | null, problem: Problem | null): void {
    const before = `${this.isKnown} ${this.problem?.code}`;
    if (connections) this.store.takeConnections(connections);
    // A list that is there already is not taken away by a request that failed: it is said above it.
    this.isKnown ||= connections !== null;
    this.problem = problem;
    if (before !== `${this.isKnown} ${problem?.code}`) this.#host.requestUpdate();
    this.#draw();
  }

  #hear({ operations, known, problem }: Snapshot): void {
    if (!known) return;
    if (problem) this.problem = problem;
    const isRenewed = operations.some((one) => one.type === renewalType && this.#isNewlyEnded(one));
    this.store.takeOperations(operations);
    if (!this.#isRead) this.#begin(operations.length);
    if (isRenewed) void this.#ends?.read();
    const strange = operations.filter(({ connectionId: id }) => !this.store.knows(id) && !this.#strange.has(id));
    for (const { connectionId } of strange) this.#strange.add(connectionId);
    if (strange.length > 0 && this.isKnown) void this.#roster?.read();
    this.#draw();
  }

  #begin(count: number): void {
    this.#isRead = true;
    if (count < feedHolds) this.store.whole();
    else this.#recall?.begin();
  }

  #isNewlyEnded({ connectionId, type, completedAt, id }: Snapshot['operations'][number]): boolean {
    const known = this.store.operations(connectionId)?.get(type);
    return this.#isRead && completedAt !== null && (known?.id !== id || known.completedAt === null);
  }

  /** After a gap everything is read anew: what happened meanwhile may have left the feed again. */
  #turn(phase: Phase): void {
    const consequence = this.#returns.turn(phase);
    if (consequence === 'forget') this.#forget();
    // What is said above the rows is another sentence now.
    this.#host.requestUpdate();
    this.#change(() => this.store.stale(isStale(this.state)));
    if (consequence !== 'reread') return;
    this.store.forgetOperations();
    this.#isRead = false;
    const { client } = this.#attachment;
    if (client) this.#watch(client);
    void this.#roster?.read();
    void this.#ends?.read();
  }

  #change(change: () => void): void {
    change();
    this.#draw();
  }

  #draw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#picture());
  }

  #picture(): void {
    this.#frame = 0;
    const { client } = this.#attachment;
    if (!client) return;
    const change = this.store.flush(this.#ticker.now() + this.#ticker.of(client).offsetMs);
    if (this.store.isTicking) this.#ticker.add(this.#tick);
    else this.#ticker.remove(this.#tick);
    this.#told(change);
  }

  readonly #tick = (): void => this.#change(() => this.store.tick());
}
