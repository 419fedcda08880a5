/** Certificate signing requests (RFC 2986), with DNS names as alternative names. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { certificateName } from './settings-names.js';

/** The longest common name (RFC 5280, appendix A: ub-common-name). */
const MAX_COMMON_NAME = 64;
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

// It takes a quarter of a second to load; most servers make few requests, and none at their start.
const x509 = () => import('@peculiar/x509');

type Algorithm = { name: 'ECDSA'; namedCurve: string; hash: string } | { name: 'RSASSA-PKCS1-v1_5'; hash: string };

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm {
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (asymmetricKeyType !== 'ec') throw new Error(`A key of the kind ${asymmetricKeyType} signs no request.`);
  return asymmetricKeyDetails?.namedCurve === 'secp384r1'
    ? { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
    : { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
}

// The global one, whose type is the library's own, with a page's types about as well as without.
async function signingKeys(keyPem: string) {
  const key = createPrivateKey(keyPem);
  const algorithm = algorithmOf(key);
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    crypto.subtle.importKey('spki', spki, algorithm, true, ['verify']),
  ]);
  return { keys: { privateKey, publicKey }, algorithm };
}

/** PEM of a request with these names, the first also as common name where it fits. `keyPem`: ECDSA or RSA, PEM. */
export async function makeCsr(keyPem: string, names: string[]): Promise<string> {
  const { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } = await x509();
  const { keys, algorithm } = await signingKeys(keyPem);
  const [first = ''] = names;
  const csr = await Pkcs10CertificateRequestGenerator.create(
    {
      name: first.length > 0 && first.length <= MAX_COMMON_NAME ? [{ CN: [first] }] : [],
      keys,
      signingAlgorithm: algorithm,
      extensions: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value })))],
    },
    crypto,
  );
  return `${csr.toString('pem')}\n`;
}

function readAs<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new Error('What should be a certificate signing request cannot be read as one.', { cause });
  }
}

/**
 * The DNS names of a request (PEM): lower case, sorted, each once. A common name that is a DNS name counts, since a CA
 * issues for it too. Rejects with an Error where it is no request.
 */
export async function csrNames(csrPem: string): Promise<string[]> {
  const { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } = await x509();
  const csr = readAs(() => new Pkcs10CertificateRequest(csrPem));
  const extension = csr.getExtension(SUBJECT_ALTERNATIVE_NAME);
  const alternative = extension instanceof SubjectAlternativeNameExtension ? extension.names.items : [];
  const dns = alternative.flatMap(({ type, value }) => (type === 'dns' ? [value.toLowerCase()] : []));
  const common = csr.subjectName.getField('CN').flatMap((name) => certificateName(name) ?? []);
  return [...new Set([...common, ...dns])].sort();
}
