/** What a caller may send about a connection's certificate: everything but the names can be left out. */
import Joi from 'joi';
import { hostname } from '../connections/hostname.js';
import type { JsonObject } from '../operations/contract.js';
import type { CertificateSettings, ChallengeKind, Endpoint, KeyKind, RenewalSettings } from './contract.js';
import { certificateName, dnsName } from './settings-names.js';
import { cronExpression, timeZone } from './settings-renewal.js';

const KEYS: KeyKind[] = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'];
const CHALLENGES: ChallengeKind[] = ['http-01', 'http-01-host', 'dns-01'];
const MAX_NAMES = 100;

/** As it was given: the platform's defaults, and the minute that depends on the connection, are still to come. */
export interface GivenCertificate extends Omit<CertificateSettings, 'endpoints' | 'install' | 'renewal'> {
  endpoints?: Endpoint[];
  install?: JsonObject;
  renewal: Omit<RenewalSettings, 'cron'> & { cron?: string };
}

/** No message repeats a refused value. `null` from `read` refuses it in these words. */
function read(reader: (text: string) => string | null, words: string): Joi.CustomValidator<string> {
  return (value, helpers) => reader(value) ?? helpers.message({ custom: `{{#label}} must be ${words}` });
}

const words = (max: number) =>
  Joi.string()
    .trim()
    .max(max)
    .pattern(/^[^\p{C}\p{Zl}\p{Zp}]+$/u)
    .messages({ 'string.pattern.base': '{{#label}} must be made of printable characters' })
    .allow(null)
    .default(null);

const id = Joi.number().integer().min(1).max(2_147_483_647).allow(null).default(null);

const endpoint = Joi.object<Endpoint>({
  host: Joi.string()
    .trim()
    .max(253)
    .custom(read(hostname, 'a DNS name or an IP address'))
    .allow(null)
    .default(null)
    .description('The address to look at; null for the hostname of the connection.'),
  port: Joi.number().integer().min(1).max(65535).required().description('The port that is served by TLS.'),
  servername: Joi.string()
    .trim()
    .max(253)
    .custom(read(dnsName, 'a DNS name'))
    .allow(null)
    .default(null)
    .description('The name in the TLS handshake; null for the first name that is no wildcard.'),
});

const renewal = Joi.object({
  automatic: Joi.boolean().default(true).description('Whether it is renewed without anybody asking.'),
  cron: Joi.string()
    .max(100)
    .custom(read(cronExpression, 'a cron expression of five fields that comes true some day'))
    .description('When a due renewal may run; by default daily, at a minute of its own between 02:00 and 05:59.'),
  timeZone: Joi.string()
    .max(64)
    .custom(read(timeZone, 'a time zone such as Europe/Berlin'))
    .default('UTC')
    .description('The time zone in which the cron expression is meant.'),
});

const samePlace = (a: Endpoint, b: Endpoint) => a.host === b.host && a.port === b.port;

/** The `certificate` of a connection's payloads; what depends on the platform is checked by `checkedCertificate`. */
export const certificateSchema = Joi.object<GivenCertificate>({
  names: Joi.array()
    .items(Joi.string().trim().max(253).custom(read(certificateName, 'a DNS name, with at most one leading *.')))
    .min(1)
    .max(MAX_NAMES)
    .unique()
    .required()
    .description('DNS names, the first one is the subject; those that begin with *. need dns-01.'),
  authorityId: id.description('A CA of GET /certificate-authorities; null for the default one.'),
  challenge: Joi.string()
    .valid(...CHALLENGES)
    .default('http-01')
    .description('How the names are proven: by an answer of Signalbox, by a file on the host, or by a DNS record.'),
  dnsCredentialId: id.description('A credential of GET /dns-credentials; needed for dns-01.'),
  key: Joi.string()
    .valid(...KEYS)
    .default('ecdsa-p256')
    .description('The kind of key; a device that makes its own takes the RSA length, else its usual one.'),
  reuseKey: Joi.boolean().default(false).description('Whether a renewal keeps the key.'),
  profile: words(64).description('The CA’s certificate profile; null for its default.'),
  preferredChain: words(256).description('The common name of the topmost issuer, where the CA offers several chains.'),
  endpoints: Joi.array()
    .items(endpoint)
    .max(16)
    .unique(samePlace)
    .description('Where the certificate has to be seen in the end; by default the ports of the platform.'),
  install: Joi.object()
    .unknown()
    .description('How it is installed, as `certificate.settings` of GET /platforms describes.'),
  renewal: renewal.default({ automatic: true, timeZone: 'UTC' }).description('When it is renewed.'),
}).description('The certificate that is wanted here; null for none. Only an admin may write it.');
