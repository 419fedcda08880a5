/** Connections with certificates for tests of pages: what is served, stored and planned, and a server that answers for them. */
import type { CertificateAuthority } from '../../server/authorities/contract.js';
import type {
  CertificateSettings,
  CertificateSummary,
  CertificateView,
  PlannedRenewal,
  ServedCertificate,
} from '../../server/certificates/contract.js';
import type { DnsCredential, PublishedDnsProvider } from '../../server/dns/contract.js';
import type { PublishedDefinition } from '../client/contract.js';
import { type FakeClient, problem } from './fake-client.js';
import { connection, fleetClient, vos } from './fleet.js';
import { sshTest } from './operations.js';

const dayMs = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * dayMs + 60_000).toISOString();

export const renewalType: PublishedDefinition = {
  ...{ type: 'certificate_renewal', title: 'Certificate renewal', description: 'Orders, installs, proves.' },
  labels: { idle: 'Renew Certificate', busy: 'Processing Renewal', done: 'Renewed' },
  ...{ display: 'steps', confirm: null, cancellable: true, estimatedDuration: 45_000 },
  steps: [
    { key: 'plan', title: 'Plan', weight: 3 },
    { key: 'account', title: 'CA account', weight: 2 },
    { key: 'order', title: 'Order', weight: 3 },
    { key: 'challenge', title: 'Place challenges', weight: 4 },
    { key: 'propagation', title: 'See them everywhere', weight: 10 },
    { key: 'validate', title: 'Validate names', weight: 8 },
    { key: 'csr', title: 'Key and request', weight: 4 },
    { key: 'finalize', title: 'Issue', weight: 6 },
    { key: 'store', title: 'Store the chain', weight: 2 },
    { key: 'install', title: 'Install', weight: 14 },
    { key: 'restart', title: 'Restart', weight: 36 },
    { key: 'served', title: 'See it served', weight: 8 },
  ],
  params: {},
};

export const settings: CertificateSettings = {
  ...{ names: ['cucm-sub-02.voice.example', '*.voice.example'], authorityId: null, challenge: 'dns-01' },
  ...{ dnsCredentialId: 2, key: 'rsa-3072', reuseKey: false, profile: null, preferredChain: null },
  endpoints: [
    { host: null, port: 443, servername: null },
    { host: null, port: 8443, servername: null },
  ],
  install: { certmgrPort: 443, tlsFingerprint: null, tlsRootsPem: null },
  renewal: { automatic: true, cron: '17 3 * * *', timeZone: 'Europe/Berlin' },
};

export function served(changes: Partial<ServedCertificate> = {}): ServedCertificate {
  return {
    ...{ endpoint: '10.50.2.18:443', seenAt: new Date(Date.now() - 300_000).toISOString() },
    ...{ subject: 'CN=cucm-sub-02.voice.example', issuer: 'C=US, O=Let’s Encrypt, CN=R11' },
    serialNumber: '049C1E77B20D3A5F8E61D90C4B7A2F13C0AA',
    fingerprint256: 'AA:BB',
    ...{ notBefore: inDays(-29), notAfter: inDays(61) },
    ...{ names: ['cucm-sub-02.voice.example', '*.voice.example'], key: 'RSA 3072' },
    ...{ chain: [], chainPem: '', trusted: true, trustError: null, missingNames: [] },
    ...changes,
  };
}

export function look(port: number, certificate: ServedCertificate | null, failure: string | null = null) {
  return { endpoint: `10.50.2.18:${port}`, seenAt: new Date(Date.now() - 300_000).toISOString(), certificate, failure };
}

export const planned = (changes: Partial<PlannedRenewal> = {}): PlannedRenewal => ({
  ...{ automatic: true, dueAt: '2097-01-11T20:00:00.000Z', reason: 'ari', runsAt: '2097-01-12T02:17:00.000Z' },
  ...{ waitsUntil: null, waitsBecause: null, failures: 0 },
  ...changes,
});

const made = (id: number, status: CertificateView['stored'][number]['status'], serialNumber: string | null) => ({
  ...{ id, connectionId: 8, authorityId: 2, operationId: `0190f5e0-0000-7000-8000-00000000000${id}`, status },
  ...{ names: settings.names, keyBy: 'device' as const, orderUrl: null, chainPem: null, serialNumber },
  ...{ notBefore: serialNumber && inDays(-29), notAfter: serialNumber && inDays(61), replaces: null },
  ...{ createdAt: inDays(-29), updatedAt: inDays(-29) },
});

export const view = (changes: Partial<CertificateView> = {}): CertificateView => ({
  connectionId: 8,
  settings,
  served: [look(443, served()), look(8443, served({ endpoint: '10.50.2.18:8443' }))],
  stored: [
    made(3, 'served', '049C1E77B20D3A5F8E61D90C4B7A2F13C0AA'),
    made(2, 'superseded', '0312FE'),
    made(1, 'abandoned', null),
  ],
  next: planned(),
  ...changes,
});

/** One line of GET /certificates: a connection whose certificate ends in so many days, and renews 30 days before. */
export function summary(
  id: number,
  name: string,
  endsInDays: number | null,
  changes: Partial<CertificateSummary> = {},
): CertificateSummary {
  const runsInDays = Math.max(0, (endsInDays ?? 0) - 30);
  return {
    connection: { id, name, role: 'admin' },
    ...{ names: [`${name}.example`], wanted: true, issuer: 'C=US, O=Let’s Encrypt, CN=R11', status: 'served' },
    notBefore: endsInDays === null ? null : inDays(endsInDays - 90),
    notAfter: endsInDays === null ? null : inDays(endsInDays),
    endpoints: [],
    renewal: settings.renewal,
    next: planned({ dueAt: inDays(runsInDays), runsAt: inDays(runsInDays), reason: 'lifetime' }),
    ...changes,
  };
}

/** Nothing renews it by itself. */
export const byHand = planned({ automatic: false, runsAt: null, reason: 'lifetime' });

/** One of each kind, as the mock-up has them. */
export const summaries = (): CertificateSummary[] => [
  summary(2, 'cuc-01', 48),
  summary(3, 'cucm-pub-01', 29),
  summary(4, 'expressway-e1', 33, { names: ['e1.example', 'expressway.example'] }),
  summary(5, 'imp-02', 11, {
    next: planned({
      ...{ runsAt: inDays(0.4), waitsUntil: inDays(0.4), failures: 1, reason: 'lifetime' },
      waitsBecause: 'The last renewal failed: The device has no space left on /common.',
    }),
  }),
  summary(6, 'ise-pan-01', 70),
  summary(7, 'ise-psn-03', 9, { wanted: false, renewal: null, next: null }),
  summary(9, 'vault-01', 400, { notBefore: inDays(-30) }),
  summary(10, 'web-11', 52),
  summary(11, 'web-12', null, {
    status: null,
    issuer: null,
    next: planned({ reason: 'missing', runsAt: inDays(0.4) }),
  }),
  summary(12, 'web-13', 61, {
    endpoints: [
      {
        ...{ endpoint: '10.50.2.13:8443', seenAt: inDays(-0.1), notAfter: inDays(61) },
        failure: 'It lacks mail.example.',
      },
    ],
  }),
  summary(13, 'web-14', -2, { next: byHand }),
];

export const checks = [
  { title: 'Served now', ok: true, code: null, message: '10.50.2.18:443 serves serial 049C.', hint: null },
  {
    ...{ title: 'DNS credential', ok: false, code: 'DNS_REFUSED', message: 'The provider refused the key.' },
    hint: 'Enter it again.',
  },
];

export const authorities: CertificateAuthority[] = [
  {
    ...{ id: 1, name: 'Let’s Encrypt (staging)', isDefault: true, builtIn: true },
    directoryUrl: 'https://acme-staging-v02.api.letsencrypt.org/directory',
    ...{ directoryRootsPem: null, issuedRootsPem: null, contactEmails: [], eabKeyId: null, hasEabHmacKey: false },
    ...{ termsAgreedAt: null, termsAgreedBy: null, accountUrl: null },
    ...{ createdAt: '2026-03-01T08:00:00.000Z', updatedAt: '2026-03-01T08:00:00.000Z' },
  },
  {
    ...{ id: 2, name: 'House CA', directoryUrl: 'https://ca.example/acme', isDefault: false, builtIn: false },
    ...{ directoryRootsPem: null, issuedRootsPem: null, contactEmails: ['ops@example.org'] },
    ...{ eabKeyId: 'kid-1', hasEabHmacKey: true },
    ...{ termsAgreedAt: '2025-03-03T09:12:00.000Z', termsAgreedBy: 'mira', accountUrl: 'https://ca.example/a/1' },
    ...{ createdAt: '2026-03-01T08:00:00.000Z', updatedAt: '2026-03-01T08:00:00.000Z' },
  },
];

export const providers: PublishedDnsProvider[] = [
  { name: 'manual', title: 'By hand', settings: { type: 'object', properties: {} }, secrets: [], manual: true },
  {
    ...{ name: 'rfc2136', title: 'Dynamic update (RFC 2136)', secrets: ['secret'], manual: false },
    settings: {
      type: 'object',
      properties: {
        server: { type: 'string', description: 'The primary name server.' },
        secret: { type: 'string', description: 'The secret of the TSIG key, as base64.' },
        ttlSeconds: { type: 'integer', default: 60 },
      },
    },
  },
];

export const credentials: DnsCredential[] = [
  {
    ...{ id: 2, name: 'bind', provider: 'rfc2136', settings: { server: 'ns1.example', ttlSeconds: 60 } },
    ...{ storedSecrets: ['secret'], usedBy: 1 },
    ...{ createdAt: '2026-03-01T08:00:00.000Z', updatedAt: '2026-03-01T08:00:00.000Z' },
  },
];

const platforms = [
  {
    ...vos,
    certificate: {
      ...{ keyBy: 'device', ports: [443, 8443], restartService: 'Cisco Tomcat', placesChallenge: false },
      settings: {
        type: 'object',
        properties: {
          certmgrPort: { type: 'integer', default: 443, description: 'The port of the certificate interface.' },
          tlsFingerprint: { type: ['string', 'null'], default: null },
          tlsRootsPem: { type: ['string', 'null'], maxLength: 65_536, default: null },
        },
      },
    },
  },
  {
    ...{ name: 'linux', title: 'Linux host', defaultPort: 22, defaultService: null, capabilities: ['sshTest'] },
    certificate: {
      ...{ keyBy: 'signalbox', ports: [443], restartService: null, placesChallenge: true },
      settings: {
        type: 'object',
        properties: { fullchainPath: { type: ['string', 'null'], default: null }, useSudo: { type: 'boolean' } },
      },
    },
  },
];

/** A client whose server knows connection 8, a VOS appliance with this certificate, and the linux hosts of the fleet. */
export function certificateClient(
  shown: () => CertificateView = view,
  role: 'admin' | 'operator' = 'admin',
): FakeClient {
  const client = fleetClient();
  const before = client.answer;
  const tables: Record<string, () => unknown> = {
    '/platforms': () => ({ platforms }),
    '/connections/8': () =>
      connection(8, 'cucm-sub-02', {
        ...{ platform: 'vos', hostname: '10.50.2.18', role, certificate: shown().settings },
      }),
    '/connections/8/certificate': shown,
    '/certificate-authorities': () => ({ certificateAuthorities: authorities }),
    '/certificate-authorities/1': () => ({ ...authorities[0], termsOfService: 'https://ca.example/terms' }),
    '/certificate-authorities/2': () => ({ ...authorities[1], termsOfService: null }),
    '/dns-providers': () => ({ dnsProviders: providers }),
    '/dns-credentials': () => ({ dnsCredentials: credentials }),
  };
  client.published = [sshTest, renewalType];
  client.answer = (method, path, body) => {
    const table = tables[path];
    if (!table) return before(method, path, body);
    if (method === 'GET') return table();
    throw problem(404, 'NOT_FOUND', 'There is nothing here.');
  };
  return client;
}
