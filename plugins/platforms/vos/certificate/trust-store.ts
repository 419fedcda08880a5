/** The CA certificates that the appliance believes for Tomcat: the issuers of a new certificate have to be there first. */
import type { X509Certificate } from 'node:crypto';
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import { plainLine } from '../../../../server/ssh/text.js';
import { isFine, type Certmgr } from './certmgr.js';
import { certificatesIn } from './pem.js';
import { bodyOf, wordsOf } from './refusal.js';

const LIST = '/trust/certificate?service=tomcat';

async function known(certmgr: Certmgr): Promise<Set<string>> {
  const answer = await certmgr.get(LIST);
  // Nothing trusted yet may be told as nothing found.
  if (!isFine(answer) && answer.status !== 404) certmgr.refuse('read', answer);
  return new Set(certificatesIn(bodyOf(answer)).map(({ fingerprint256 }) => fingerprint256));
}

const nameOf = (ca: X509Certificate) => plainLine(ca.subject.replaceAll('\n', ', '));

async function add(certmgr: Certmgr, ca: X509Certificate): Promise<void> {
  const body = { service: ['tomcat'], certificates: [ca.toString()], description: 'Added by Signalbox' };
  const isThere = async () => ((await known(certmgr)).has(ca.fingerprint256) ? { status: 200, text: '{}' } : null);
  const answer = await certmgr.post({ purpose: 'trust', path: '/trust/certificates', body }, isThere);
  // One that is there already need not be taken again; whether that is so is seen at the upload of the certificate.
  if (isFine(answer) || answer.status === 409 || /already exists?/iu.test(wordsOf(answer))) return;
  certmgr.refuse('trust', answer);
}

/** Adds those that are not there yet, in this order; answers with their subjects. */
export async function believe(run: CertificateRun, certmgr: Certmgr, issuers: X509Certificate[]): Promise<string[]> {
  if (issuers.length === 0) return [];
  const before = await known(certmgr);
  const missing = issuers.filter(({ fingerprint256 }) => !before.has(fingerprint256));
  for (const ca of missing) {
    run.message(`The appliance is told to trust ${nameOf(ca)}`);
    await add(certmgr, ca);
  }
  return missing.map(nameOf);
}
