/** Certificate settings and certificates as a test needs them. */
import type { CertificateSettings } from '../../certificates/contract.js';
import type { RenewalFacts, Stored } from '../renewal-due.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const iso = (instant: number): string => new Date(instant).toISOString();

export function settingsOf(
  renewal: Partial<CertificateSettings['renewal']> = {},
  names = ['www.example.test'],
): CertificateSettings {
  return {
    names,
    authorityId: null,
    challenge: 'http-01',
    dnsCredentialId: null,
    key: 'ecdsa-p256',
    reuseKey: false,
    profile: null,
    preferredChain: null,
    endpoints: [{ host: null, port: 443, servername: null }],
    install: {},
    renewal: { automatic: true, cron: '0 3 * * *', timeZone: 'UTC', ...renewal },
  };
}

/** Served, from an instant on for as long as it lives. */
export function certificateOf(id: number, from: number, lifetimeMs: number, more: Partial<Stored> = {}): Stored {
  return {
    id,
    connectionId: 1,
    authorityId: 1,
    operationId: `operation-${id}`,
    status: 'served',
    names: ['www.example.test'],
    keyBy: 'signalbox',
    orderUrl: null,
    chainPem: null,
    serialNumber: id.toString(16).toUpperCase().padStart(8, '0'),
    notBefore: iso(from),
    notAfter: iso(from + lifetimeMs),
    replaces: null,
    createdAt: iso(from),
    updatedAt: iso(from),
    ...more,
  };
}

/** An endpoint that showed this serial number at an instant; null: it was not reached. */
export function sighting(serialNumber: string | null, at: number): RenewalFacts['served'][number] {
  const seenAt = iso(at);
  if (serialNumber === null)
    return { endpoint: 'www.example.test:443', seenAt, certificate: null, failure: 'Nobody answered.' };
  const seen = { subject: 'CN=www.example.test', issuer: 'CN=Test', serialNumber, fingerprint256: 'AA' };
  const life = { notBefore: iso(at - DAY), notAfter: iso(at + DAY), names: ['www.example.test'], key: 'ECDSA P-256' };
  const certificate = {
    ...{ ...seen, ...life, endpoint: 'www.example.test:443', seenAt, chain: [], chainPem: '' },
    ...{ trusted: true, trustError: null, missingNames: [] },
  };
  return { endpoint: 'www.example.test:443', seenAt, certificate, failure: null };
}
