/** A root certificate that nobody trusts yet. */
import { webcrypto } from 'node:crypto';

/** A self-signed certificate as PEM, in the form in which it is kept. */
export async function rootPem(commonName = 'Root of the tests'): Promise<string> {
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ name: `CN=${commonName}`, keys: keys as webcrypto.CryptoKeyPair, signingAlgorithm },
  });
  return `${certificate.toString('pem')}\n`;
}
