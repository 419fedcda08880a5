/** What a TSIG key for dynamic updates holds. */
import Joi from 'joi';
import type { DnsRun } from '../../../server/dns/contract.js';

export type Algorithm = 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512';

export interface Rfc2136Settings {
  server: string;
  /** Empty: found by asking the server. */
  zone: string;
  keyName: string;
  algorithm: Algorithm;
  secret: string;
  ttlSeconds: number;
  timeoutSeconds: number;
}

const LABEL = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^${LABEL}(\\.${LABEL})*\\.?$`, 'i');
const SERVER = /^([a-z0-9_.-]{1,253}|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;

const name = (max: number) => Joi.string().max(max).pattern(NAME, 'a DNS name').lowercase();

export const settings = Joi.object<Rfc2136Settings>({
  server: Joi.string()
    .pattern(SERVER, 'a name or an address, with a port where it is not 53')
    .required()
    .description('The primary name server: ns1.example.org, 192.0.2.1:5353 or [2001:db8::1]:53.'),
  zone: name(253)
    .allow('')
    .default('')
    .description('The zone that takes the updates; empty to ask the server which one holds the name.'),
  keyName: name(253).required().description('The name of the TSIG key, as the server knows it.'),
  algorithm: Joi.string()
    .valid('hmac-sha256', 'hmac-sha384', 'hmac-sha512')
    .default('hmac-sha256')
    .description('The algorithm of the TSIG key.'),
  secret: Joi.string().base64().min(16).max(1024).required().description('The secret of the TSIG key, as base64.'),
  ttlSeconds: Joi.number().integer().min(1).max(86_400).default(60).description('How long a record may be cached.'),
  timeoutSeconds: Joi.number()
    .integer()
    .min(1)
    .max(120)
    .default(10)
    .description('How long one request may take, in seconds.'),
});

/** The opened settings; throws where they were never let in by this schema. */
export function settingsOf(run: DnsRun): Rfc2136Settings {
  return Joi.attempt(run.settings, settings);
}

/** `ns1.example.org:5353` as host and port. */
export function hostAndPort(server: string): { host: string; port: number } {
  const [, host = server, port = '53'] = /^(.*?)(?::(\d+))?$/.exec(server) ?? [];
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
