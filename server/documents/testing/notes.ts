/** What one watched server was seen to say. */
import { keep } from './ledger.js';

export interface Witness {
  /** What was said and is not in the documents. */
  readonly complaints: ReadonlySet<string>;
  /** `GET /connections 200`, `/operations operationEvent`: what was seen. */
  readonly seen: ReadonlySet<string>;
}

export type Tell = (complaint: string) => void;

export class Notes implements Witness {
  readonly complaints = new Set<string>();
  readonly seen = new Set<string>();
  readonly #tell: Tell;

  constructor(tell: Tell = () => {}) {
    this.#tell = tell;
  }

  /** What was as published goes to the ledger of the whole run as well. */
  take(name: string, problem: string | null): void {
    this.seen.add(name);
    if (problem === null) keep('seen', name);
    else this.complain(`${name}: ${problem}`);
  }

  complain(complaint: string): void {
    if (this.complaints.has(complaint)) return;
    this.complaints.add(complaint);
    this.#tell(complaint);
  }
}

/** Throws where somebody complained. */
export function assertAsPublished(complaints: readonly string[]): void {
  if (complaints.length > 0)
    throw new Error(`not as /openapi.json and /asyncapi.json have it:\n${complaints.join('\n')}`);
}
