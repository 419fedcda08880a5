/** What is written in a certificate. */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { plainLine } from '../ssh/text.js';
import type { SeenCertificate } from './contract.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/gu;

/** The certificates of a PEM text in their order, each as a PEM of its own; whatever else stands there is left out. */
export const splitPem = (pem: string): string[] => (pem.match(CERTIFICATE) ?? []).map((one) => `${one}\n`);

const curves: Record<string, string> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** `ECDSA P-256`, `RSA 2048`, `Ed25519` */
function keyName({ asymmetricKeyType: type, asymmetricKeyDetails: details = {} }: KeyObject): string {
  if (type === 'ec') return `ECDSA ${curves[details.namedCurve ?? ''] ?? details.namedCurve}`;
  if (type?.startsWith('rsa')) return `RSA ${details.modulusLength}`;
  return (type ?? 'unknown').replace(/^ed/u, 'Ed');
}

/**
 * The DNS names of Node's text form of the alternative names, in lower case. A value with a comma or quotes in it stands
 * there in quotes, as JSON: what looks like a name inside another value is none.
 */
function dnsNames(alternativeNames: string | undefined): string[] {
  const entries = (alternativeNames ?? '').matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/gu);
  return [...entries].flatMap(([, kind, value = '']) => (kind === 'DNS' ? [plainLine(value).toLowerCase()] : []));
}

const oneLine = (subject: string | undefined) => plainLine((subject ?? '').replaceAll('\n', ', '));
const moment = (date: string) => new Date(date).toISOString();

/** The facts of the first certificate of a PEM, or of a parsed one; throws where there is none. */
export function factsOf(certificate: string | X509Certificate): SeenCertificate {
  const parsed = typeof certificate === 'string' ? new X509Certificate(certificate) : certificate;
  return {
    subject: oneLine(parsed.subject),
    issuer: oneLine(parsed.issuer),
    serialNumber: parsed.serialNumber,
    fingerprint256: parsed.fingerprint256,
    notBefore: moment(parsed.validFrom),
    notAfter: moment(parsed.validTo),
    names: dnsNames(parsed.subjectAltName),
    key: keyName(parsed.publicKey),
  };
}
