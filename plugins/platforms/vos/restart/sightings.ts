/** What was seen of one restart, by whichever session saw it, and whether it amounts to a trace of a restart. */
import type { JsonObject } from '../../../../server/operations/contract.js';
import type { ListedService, SentRestart } from '../../../../server/platforms/contract.js';
import type { ShownCertificate } from '../../../../server/ssh/tls-probe.js';

/** A look at the served port; `refused` is the machine's own no, `silent` any other failure to reach TLS. */
export type PortLook =
  { is: 'served'; certificate: ShownCertificate } | { is: 'refused' | 'silent'; why: string } | { is: 'not_asked' };

/** One look by the list and, for a service that serves it, at the port. */
export interface Look {
  /** Null where the list does not name the service. */
  listed: ListedService | null;
  port: PortLook;
}

export interface Before {
  state: string | null;
  port: PortLook['is'];
  fingerprint: string | null;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);

/** What was stored before the command was sent, read back. */
export function beforeOf({ before }: Pick<SentRestart, 'before'>): Before {
  const port = before['port'];
  return {
    state: text(before['state']),
    port: port === 'served' || port === 'refused' || port === 'silent' ? port : 'not_asked',
    fingerprint: text(before['fingerprint']),
  };
}

export function storedBefore(listed: ListedService, port: PortLook): JsonObject {
  const fingerprint = port.is === 'served' ? port.certificate.fingerprint256 : null;
  return { state: listed.state, reason: listed.reason, port: port.is, fingerprint };
}

const MAX_STATES = 40;
/** Each tells of a restart where the service was in another one before. */
const TRACES = new Set(['STOPPING', 'STOPPED', 'STARTING', 'STARTED']);

export class Sightings {
  readonly before: Before;
  #states: string[] = [];
  #reason: string | null = null;
  #trace: string | null = null;
  #last: Look | null = null;
  #looks = 0;
  #unchangedLooks = 0;

  constructor(before: Before, seen: JsonObject = {}) {
    this.before = before;
    const states = seen['states'];
    const known = Array.isArray(states) ? states : [seen['state'] ?? null];
    for (const state of known) if (typeof state === 'string') this.state(state, null);
    this.#trace = text(seen['trace']) ?? this.#trace;
  }

  /** The last state that was seen, by whichever way. */
  get now(): string | null {
    return this.#states.at(-1) ?? null;
  }

  get reason(): string | null {
    return this.#reason;
  }

  /** The states in their order, without repeats. */
  get states(): readonly string[] {
    return this.#states;
  }

  /** By what we know that a restart has begun; null while nothing shows it. */
  get trace(): string | null {
    return this.#trace;
  }

  /** The last look that worked. */
  get last(): Look | null {
    return this.#last;
  }

  get looks(): number {
    return this.#looks;
  }

  /** How many looks in a row, the last included, have found this same state. */
  get unchangedLooks(): number {
    return this.#unchangedLooks;
  }

  /** A state that the list or the running command showed; answers whether it is news. */
  state(state: string, reason: string | null): boolean {
    this.#reason = reason;
    if (TRACES.has(state) && state !== (this.before.state ?? 'STARTED')) this.#trace ??= state;
    if (state === this.now) return false;
    this.#states = [...this.#states, state].slice(-MAX_STATES);
    return true;
  }

  /** The restart command itself has said that the service is started: that is its answer to us. */
  answered(): void {
    this.#trace ??= 'answer';
  }

  /** Answers whether it brought news. */
  look(look: Look): boolean {
    const { trace } = this;
    const same = this.#last?.listed?.state === look.listed?.state;
    this.#unchangedLooks = same ? this.#unchangedLooks + 1 : 1;
    this.#looks += 1;
    this.#last = look;
    const news = look.listed ? this.state(look.listed.state, look.listed.reason) : false;
    this.#traceOfPort(look.port);
    return news || trace !== this.#trace;
  }

  /** What a new owner has to know. */
  stored(): JsonObject {
    return { state: this.now, states: [...this.#states], trace: this.#trace };
  }

  #traceOfPort(port: PortLook): void {
    if (port.is === 'refused' && this.before.port === 'served') this.#trace ??= 'port_closed';
    const { fingerprint } = this.before;
    if (port.is === 'served' && fingerprint !== null && port.certificate.fingerprint256 !== fingerprint)
      this.#trace ??= 'certificate';
  }
}
