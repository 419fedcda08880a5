/** What the renewals' schedule sees of the world, by hand: a clock, a CA that tells windows, an engine that runs one at a time. */
import type { RenewalInfo } from '../../acme/contract.js';
import type { CertificateSettings } from '../../certificates/contract.js';
import type { RenewalFacts, Stored } from '../renewal-due.js';
import type { OperationEnd } from '../renewal-ladder.js';
import type { RenewalWorld } from '../renewal.js';
import { certificateOf, iso, MINUTE } from './settings.js';

export interface Site {
  settings: CertificateSettings | null;
  lifetimeMs: number;
  /** What the CA says of a certificate; null: it knows no renewal information. */
  window: ((certificate: Stored) => RenewalInfo) | null;
  stored: Stored[];
  served: RenewalFacts['served'];
  /** How the next renewals end; completed where nothing is said. */
  endings: OperationEnd['error'][];
}

/** A start that was not a joining, for the certificate that was there then. */
export interface Start {
  connectionId: number;
  at: number;
  certificateId: number | null;
}

interface Running {
  id: string;
  connectionId: number;
  endsAt: number;
}

export class Outside {
  now: number;
  readonly sites = new Map<number, Site>();
  readonly starts: Start[] = [];
  readonly looks: number[] = [];
  asked = 0;
  joined = 0;
  readonly #ends = new Map<string, OperationEnd>();
  #running: Running[] = [];
  #count = 0;

  constructor(now: number) {
    this.now = now;
  }

  site(connectionId: number, site: Partial<Site> & Pick<Site, 'settings'>): Site {
    const whole = { lifetimeMs: 90 * 24 * 60 * MINUTE, window: null, stored: [], served: [], endings: [], ...site };
    this.sites.set(connectionId, whole);
    return whole;
  }

  /** When something ends by itself next; null where nothing runs. */
  get nextEnd(): number | null {
    return this.#running.length === 0 ? null : Math.min(...this.#running.map(({ endsAt }) => endsAt));
  }

  /** Ends what has run its three minutes. */
  settle(): void {
    const over = this.#running.filter(({ endsAt }) => endsAt <= this.now);
    this.#running = this.#running.filter((running) => !over.includes(running));
    for (const running of over) this.#end(running);
  }

  #end({ id, connectionId, endsAt }: Running): void {
    const site = this.sites.get(connectionId) as Site;
    const error = site.endings.shift() ?? null;
    const before = this.#ends.get(id) as OperationEnd;
    this.#ends.set(id, { ...before, status: error ? 'failed' : 'completed', completedAt: iso(endsAt), error });
    if (error) return;
    const older = site.stored.map((stored) => ({ ...stored, status: 'superseded' as const }));
    site.stored = [certificateOf(++this.#count, endsAt, site.lifetimeMs, { connectionId }), ...older];
  }

  /** Ends the running one of a connection as cancelled. */
  cancel(connectionId: number): void {
    const running = this.#running.find((each) => each.connectionId === connectionId) as Running;
    this.#running = this.#running.filter((each) => each !== running);
    const before = this.#ends.get(running.id) as OperationEnd;
    this.#ends.set(running.id, { ...before, status: 'cancelled', completedAt: iso(this.now) });
  }

  start(connectionId: number): { operationId: string; existing: boolean } {
    const there = this.#running.find((each) => each.connectionId === connectionId);
    if (there) {
      this.joined += 1;
      return { operationId: there.id, existing: true };
    }
    const certificateId = this.sites.get(connectionId)?.stored[0]?.id ?? null;
    this.starts.push({ connectionId, at: this.now, certificateId });
    const id = `started-${this.starts.length}`;
    this.#running.push({ id, connectionId, endsAt: this.now + 3 * MINUTE });
    this.#ends.set(id, { status: 'in_progress', startedAt: iso(this.now), completedAt: null, error: null });
    return { operationId: id, existing: false };
  }

  world(knex: RenewalWorld['knex'], random: () => number): RenewalWorld {
    return {
      knex,
      facts: async (connectionId) => this.sites.get(connectionId) ?? null,
      look: async (connectionId) => void this.looks.push(connectionId),
      renewalInfo: async (certificate) => {
        this.asked += 1;
        return this.sites.get(certificate.connectionId)?.window?.(certificate) ?? null;
      },
      start: async (connectionId) => this.start(connectionId),
      operationEnd: async (operationId) => this.#ends.get(operationId) ?? null,
      log: { info: () => undefined, error: () => undefined },
      now: () => this.now,
      random,
    };
  }
}
