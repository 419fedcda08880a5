import type { ReactiveController } from 'lit';
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import type { ConnectionState, Operation, Problem, SignalboxClient } from '../../client/contract.js';
import { ClockController, FleetController, type Host } from '../../controllers/index.js';
import { ClientAttachment } from '../client-attachment.js';
import { isStale } from '../freshness.js';
import { Returns } from '../returns.js';
import { latestRenewals } from './renewals.js';

/** Certificates change when a renewal ends, which the feed tells, or when somebody works on the host, which nobody tells. */
const lookAgainMs = 60_000;
const renewalsPath = '/operations?type=certificate_renewal&limit=200';

/** The certificates of all connections that the caller may see, and the newest renewal of each, kept current. */
export class CertificatesController implements ReactiveController {
  value: readonly CertificateSummary[] | null = null;
  /** What the last answer said instead; what was known before stays. */
  problem: Problem | null = null;
  readonly #host: Host;
  readonly #isGiven: () => boolean;
  readonly #attachment: ClientAttachment;
  readonly #fleet: FleetController;
  readonly #clock: ClockController;
  /** Older renewals than the feed holds. */
  #older: readonly Operation[] = [];
  #reading = false;
  #again = false;
  #shownAt: number | null = null;
  #ended: ReadonlySet<string> | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `isGiven`: whether the host has certificates from somewhere else, so that nothing needs to be asked for. */
  constructor(host: Host, isGiven: () => boolean = () => false) {
    this.#host = host;
    this.#isGiven = isGiven;
    host.addController(this);
    this.#fleet = new FleetController(host);
    this.#clock = new ClockController(host);
    this.#attachment = new ClientAttachment(host, (client) => this.#attach(client));
  }

  get connectionState(): ConnectionState {
    return this.#fleet.connectionState;
  }

  get client(): SignalboxClient | null {
    return this.#attachment.client;
  }

  /** The newest renewal of each connection; checks before one are none. */
  get renewals(): ReadonlyMap<number, Operation> {
    return latestRenewals([...this.#fleet.operations, ...this.#older]);
  }

  get isStale(): boolean {
    return isStale(this.connectionState);
  }

  /** The server's time; it stands still while what is shown is stale. */
  get now(): number {
    if (this.#shownAt === null || !this.isStale) this.#shownAt = this.#clock.glance;
    return this.#shownAt;
  }

  hostConnected(): void {
    this.#timer = setInterval(() => this.#look(), lookAgainMs);
    document.addEventListener('visibilitychange', this.#look);
  }

  hostUpdate(): void {
    this.#follow();
    if (this.client && this.value === null && this.problem === null) void this.reload();
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#look);
    this.value = null;
    this.problem = null;
    this.#ended = null;
  }

  /** Asks anew; what is asked for while an answer is on its way is asked once more after it. */
  async reload(): Promise<void> {
    if (this.#reading) return void (this.#again = true);
    const { client } = this;
    if (!client || this.#isGiven()) return;
    this.#reading = true;
    do {
      this.#again = false;
      await this.#read(client);
    } while (this.#again && client === this.client);
    this.#reading = false;
    this.#host.requestUpdate();
  }

  async #read(client: SignalboxClient): Promise<void> {
    const older = client.request<{ operations: Operation[] }>('GET', renewalsPath).catch(() => null);
    try {
      const { certificates } = await client.request<{ certificates: CertificateSummary[] }>('GET', '/certificates');
      const answer = await older;
      if (client !== this.client) return;
      this.#older = answer?.operations ?? this.#older;
      this.value = certificates;
      this.problem = null;
    } catch (error) {
      if (client === this.client) this.problem = error as Problem;
    }
  }

  #attach(client: SignalboxClient): () => void {
    this.#forget();
    const returns = new Returns();
    return client.onState(({ phase }) => {
      const consequence = returns.turn(phase);
      if (consequence === 'forget') this.#forget();
      else if (consequence === 'reread') void this.reload();
    });
  }

  #forget(): void {
    this.value = null;
    this.problem = null;
    this.#older = [];
    this.#host.requestUpdate();
  }

  /** A renewal that has just ended has changed a certificate, or left it for somebody to see to. */
  #follow(): void {
    const { operations, known } = this.#fleet.snapshot;
    if (!known) return;
    const renewals = [...latestRenewals(operations).values()];
    const ended = new Set(renewals.filter(({ completedAt }) => completedAt !== null).map(({ id }) => id));
    const before = this.#ended;
    this.#ended = ended;
    if (before && [...ended].some((id) => !before.has(id))) void this.reload();
  }

  readonly #look = (): void => {
    if (document.hidden || this.isStale) return;
    this.#host.requestUpdate();
    void this.reload();
  };
}
