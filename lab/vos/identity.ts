/** The node's tomcat certificate: what is stored, what is served until the next restart, the pending request, the CAs. */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { CertmgrError } from './certmgr-error.js';
import { makeCsr, makeSelfSigned, type CertificateNames } from './openssl.js';
import { USUAL_HOSTNAME } from './options.js';
import { makeRsaKey, once, pemOf } from './rsa-keys.js';

interface Stored {
  key: KeyObject;
  /** The leaf, then its chain. */
  chain: X509Certificate[];
  /** Null for the certificate that the node made itself. */
  issuer: string | null;
}

interface Pending {
  key: KeyObject;
  pem: string;
  names: CertificateNames;
}

const factoryKey = once(() => makeRsaKey());

async function factoryCertificate(hostname: string): Promise<Stored> {
  const key = await factoryKey();
  const pem = await makeSelfSigned(pemOf(key), { commonName: hostname, altNames: [hostname], hash: 'sha256' });
  return { key, chain: [new X509Certificate(pem)], issuer: null };
}

const usualCertificate = once(() => factoryCertificate(USUAL_HOSTNAME));

export class Identity {
  readonly #factory: Stored;
  #stored: Stored;
  #pending: Pending | null = null;
  #trusted: X509Certificate[] = [];

  private constructor(factory: Stored) {
    this.#factory = factory;
    this.#stored = factory;
  }

  static async create(hostname: string): Promise<Identity> {
    const usual = hostname === USUAL_HOSTNAME;
    return new Identity(usual ? await usualCertificate() : await factoryCertificate(hostname));
  }

  /** What `show cert list own` and the REST tell; a restart makes the port serve it. */
  get stored(): { chain: readonly X509Certificate[]; issuer: string | null } {
    return { chain: this.#stored.chain, issuer: this.#stored.issuer };
  }

  get csr(): string | null {
    return this.#pending?.pem ?? null;
  }

  get trusted(): readonly X509Certificate[] {
    return this.#trusted;
  }

  /** For the TLS port only. */
  tlsCredentials(): { key: string; cert: string } {
    return { key: pemOf(this.#stored.key), cert: this.#stored.chain.map(String).join('') };
  }

  /** A new key and a request for it; both replace the pending ones. */
  async request(names: CertificateNames, keyBits: number): Promise<string> {
    const key = await makeRsaKey(keyBits);
    const pem = await makeCsr(pemOf(key), names);
    this.#pending = { key, pem, names };
    return pem;
  }

  dropRequest(): void {
    this.#pending = null;
  }

  trust(certificates: readonly X509Certificate[]): void {
    const known = new Set(this.#trusted.map(({ fingerprint256 }) => fingerprint256));
    this.#trusted.push(...certificates.filter(({ fingerprint256 }) => !known.has(fingerprint256)));
  }

  /** Stores a signed leaf and its chain. Throws a CertmgrError where the CA, the request or the names do not fit. */
  install(chain: X509Certificate[]): void {
    const [leaf] = chain;
    const pending = this.#pending;
    if (!leaf) throw new CertmgrError(400, 'No certificate was given');
    if (!pending || !leaf.checkPrivateKey(pending.key))
      throw new CertmgrError(500, 'The certificate does not match the current CSR');
    if (!this.#isTrusted(chain)) throw new CertmgrError(400, 'The CA certificate is not in the trust store');
    if (dnsNames(leaf).join() !== [...new Set(pending.names.altNames)].sort().join())
      throw new CertmgrError(400, 'CSR SAN and Certificate SAN does not match');
    this.#stored = { key: pending.key, chain, issuer: commonName(leaf.issuer) };
    this.#pending = null;
  }

  reset(): void {
    this.#stored = this.#factory;
    this.#pending = null;
    this.#trusted = [];
  }

  /** Whether some certificate of the leaf's chain was signed by a CA of the trust store. */
  #isTrusted(chain: readonly X509Certificate[]): boolean {
    const signed = (one: X509Certificate, by: X509Certificate) => one.checkIssued(by) && one.verify(by.publicKey);
    for (let index = 0; index < chain.length; index++) {
      const certificate = chain[index] as X509Certificate;
      if (this.#trusted.some((ca) => signed(certificate, ca))) return true;
      const next = chain[index + 1];
      if (!next || !signed(certificate, next)) return false;
    }
    return false;
  }
}

function dnsNames({ subjectAltName }: X509Certificate): string[] {
  const names = (subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'));
  return names.map((name) => name.slice(4)).sort();
}

/** X509Certificate writes a distinguished name one part a line. */
function commonName(distinguishedName: string): string {
  const line = distinguishedName.split('\n').find((part) => part.startsWith('CN='));
  return line?.slice(3) ?? distinguishedName;
}
