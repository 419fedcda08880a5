import type { CertificateSummary } from '../../../server/certificates/contract.js';
import type { SignalboxClient } from '../../client/contract.js';
import type { CertificateEnd } from '../connection/certificate-end.js';

/** How often ends are read anew: certificates change with renewals, and those are told by the feed. */
const lookAgainMs = 10 * 60_000;

/** When the certificates of the fleet end, by connection. */
export class CertificateEnds {
  readonly #client: SignalboxClient;
  readonly #take: (ends: ReadonlyMap<number, CertificateEnd>) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(client: SignalboxClient, take: (ends: ReadonlyMap<number, CertificateEnd>) => void) {
    this.#client = client;
    this.#take = take;
  }

  async read(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const answer = await this.#client.request<{ certificates: CertificateSummary[] }>('GET', '/certificates');
      if (!this.#isOver) this.#take(endsOf(answer.certificates));
    } catch {
      // Without an answer what was known still holds: ends do not move by themselves.
    }
    if (!this.#isOver) this.#timer = setTimeout(() => void this.read(), lookAgainMs);
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/** Of a connection's certificates the one that ends first. */
function endsOf(certificates: readonly CertificateSummary[]): ReadonlyMap<number, CertificateEnd> {
  const ends = new Map<number, CertificateEnd>();
  for (const { connection, notBefore, notAfter, next } of certificates) {
    const known = ends.get(connection.id);
    if (notAfter === null || (known && Date.parse(known.notAfter) <= Date.parse(notAfter))) continue;
    ends.set(connection.id, { notBefore, notAfter, renewsAt: next?.automatic ? next.runsAt : null });
  }
  return ends;
}
