/** Why a served chain is not trusted, in one sentence. The verdict itself is OpenSSL's; here it is put into words. */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { plainLine } from '../ssh/text.js';
import { splitPem } from './facts.js';

type Step = { sentence: string } | { next: X509Certificate } | 'trusted';

const LONGEST = 10;

function commonName(subject: string | undefined): string {
  const name = plainLine(subject?.split('\n').find((part) => part.startsWith('CN=')) ?? subject ?? '');
  return name === '' ? 'a certificate without a subject' : name;
}

const minute = (date: string) => `${new Date(date).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Outside its dates, or null. */
function outdated(certificate: X509Certificate, isLeaf: boolean): string | null {
  const what = isLeaf ? 'The certificate' : `The CA certificate ${commonName(certificate.subject)}`;
  const now = Date.now();
  if (now > Date.parse(certificate.validTo)) return `${what} ended on ${minute(certificate.validTo)}.`;
  if (now < Date.parse(certificate.validFrom)) return `${what} does not begin before ${minute(certificate.validFrom)}.`;
  return null;
}

const issued = (issuer: X509Certificate, certificate: X509Certificate) =>
  certificate.issuer === issuer.subject && certificate.verify(issuer.publicKey);

function endOf(certificate: X509Certificate, isLeaf: boolean): string {
  const selfSigned = issued(certificate, certificate);
  if (selfSigned && isLeaf) return 'The certificate is self-signed, and not among the expected roots.';
  if (selfSigned) return `The chain ends at ${commonName(certificate.subject)}, which is not among the expected roots.`;
  const issuer = commonName(certificate.issuer);
  return `The chain ends at ${issuer}, which was not sent and is not among the expected roots.`;
}

/** From one certificate of the chain to the next. */
function step(certificate: X509Certificate, rest: X509Certificate[], roots: X509Certificate[], isLeaf: boolean): Step {
  const late = outdated(certificate, isLeaf);
  if (late !== null) return { sentence: late };
  const root = roots.find((one) => one.fingerprint256 === certificate.fingerprint256 || issued(one, certificate));
  if (root) {
    const lateRoot = outdated(root, false);
    return lateRoot === null ? 'trusted' : { sentence: lateRoot };
  }
  const named = rest.filter((one) => one.subject === certificate.issuer && !one.raw.equals(certificate.raw));
  if (named.length === 0) return { sentence: endOf(certificate, isLeaf) };
  const next = named.find((one) => issued(one, certificate));
  const [subject, issuer] = [commonName(certificate.subject), commonName(certificate.issuer)];
  if (!next) return { sentence: `${subject} is not signed by the key of the ${issuer} that was sent.` };
  return next.ca ? { next } : { sentence: `${issuer} signed ${subject} and is no CA.` };
}

/**
 * Follows the sent chain (leaf first) towards the roots, PEM or null for those that Node brings, and says where it ends.
 * `verdict` is OpenSSL's code, said where the way itself shows no fault: a wrong purpose, a weak key, a name constraint.
 */
export function trustError(sent: X509Certificate[], rootsPem: string | null, verdict: string): string {
  const pems = rootsPem === null ? rootCertificates : splitPem(rootsPem);
  const roots = pems.map((pem) => new X509Certificate(pem));
  let [certificate] = sent;
  for (let depth = 0; certificate && depth < LONGEST; depth += 1) {
    const reached = step(certificate, sent.slice(1), roots, depth === 0);
    if (reached === 'trusted') break;
    if ('sentence' in reached) return reached.sentence;
    certificate = reached.next;
  }
  return `The chain does not validate (${verdict}).`;
}
