/** Brings a signed certificate onto the appliance: its issuers first, then itself. Tomcat serves it after its next restart. */
import { X509Certificate } from 'node:crypto';
import type { InstallReport, InstallRun } from '../../../../server/platforms/contract.js';
import type { World } from '../world.js';
import { Certmgr, isFine } from './certmgr.js';
import type { Answer } from './exchange.js';
import { certificatesIn, isRequestFor, isSelfSigned, issuersOf, pemBlocks } from './pem.js';
import { bodyOf, wordsOf } from './refusal.js';
import { believe } from './trust-store.js';

class Installation {
  readonly #run: InstallRun;
  readonly #certmgr: Certmgr;
  readonly #leaf: X509Certificate;

  constructor(run: InstallRun, certmgr: Certmgr, leaf: X509Certificate) {
    this.#run = run;
    this.#certmgr = certmgr;
    this.#leaf = leaf;
  }

  async install(): Promise<InstallReport> {
    if ((await this.#holdsLeaf()) === true) return this.#report('already held', []);
    const { chainPems, rootPems } = this.#run.certificate;
    const trusted = await believe(this.#run, this.#certmgr, issuersOf(this.#leaf, chainPems, rootPems));
    this.#run.message('The appliance is given the certificate');
    await this.#upload();
    if ((await this.#holdsLeaf()) === false)
      this.#run.fail('INSTALL_FAILED', `${this.#host} took the certificate, but still holds another one.`);
    return this.#report('stored', trusted);
  }

  get #host(): string {
    return this.#run.connection.hostname;
  }

  /** Null where the answer names no certificate that we can read. */
  async #holdsLeaf(): Promise<boolean | null> {
    const held = certificatesIn(await this.#certmgr.read('/identity/certificate?service=tomcat'));
    if (held.length === 0) return null;
    return held.some(({ fingerprint256 }) => fingerprint256 === this.#leaf.fingerprint256);
  }

  async #upload(): Promise<void> {
    const chain = this.#run.certificate.chainPems.flatMap(pemBlocks).map((pem) => new X509Certificate(pem));
    const certificates = [this.#leaf, ...chain.filter((one) => !isSelfSigned(one))].map(String);
    const settled = async () => ((await this.#holdsLeaf()) === true ? { status: 200, text: '{}' } : null);
    const body = { service: 'tomcat', certificates };
    const change = { purpose: 'identity', path: '/identity/certificates', body } as const;
    const answer = await this.#certmgr.post(change, settled);
    // An upload uses its request up, so one that was carried out unseen makes the next one be refused.
    if (isFine(answer) || (await settled())) return;
    await this.#refuseStale(answer);
    this.#certmgr.refuse('identity', answer);
  }

  /** A 500 means in most cases that another request was made meanwhile; the request itself tells. */
  async #refuseStale(answer: Answer): Promise<void> {
    if (answer.status !== 500) return;
    const pending = await this.#certmgr.get('/csr?service=tomcat');
    if (isFine(pending) && isRequestFor(csrIn(bodyOf(pending)), this.#leaf)) return;
    const words = wordsOf(answer);
    this.#run.fail(
      'INSTALL_STALE_CSR',
      `${this.#host} no longer holds the request that this certificate answers (500${words === '' ? '' : `: ${words}`}).`,
      { status: 500 },
    );
  }

  #report(how: string, trusted: string[]): InstallReport {
    const { serialNumber, fingerprint256 } = this.#leaf;
    const added = trusted.length === 0 ? '' : ` and now trusts ${trusted.join(' and ')}`;
    const summary =
      how === 'stored'
        ? `${this.#host} holds the certificate${added}; Cisco Tomcat serves it after a restart.`
        : `${this.#host} held the certificate already; Cisco Tomcat serves it after a restart.`;
    return { summary, detail: { how, serialNumber, fingerprint256, trusted } };
  }
}

const csrIn = (body: unknown) => String((body as { csr?: unknown } | null)?.csr ?? '');

/** Uploads nothing where the appliance holds the certificate already. */
export async function installCertificate(run: InstallRun, world: World): Promise<InstallReport> {
  const leaf = new X509Certificate(run.certificate.leafPem);
  // After a restart it is served by the interface itself.
  const certmgr = await Certmgr.open(run, world, { fingerprints: [leaf.fingerprint256] });
  return new Installation(run, certmgr, leaf).install();
}
