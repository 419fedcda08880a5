/** What the routes of a connection's certificate answer with. */
import type {
  CertificateSummary,
  CertificateView,
  EndpointState,
  PlannedRenewal,
  SeenCertificate,
  ServedCertificate,
} from '../../certificates/contract.js';
import { flag, list, moment, oneOf, orNull, record, ref, text, whole } from '../words.js';

const STATUSES = [
  ...['planned', 'finalizing', 'issued', 'installed', 'served'],
  ...['superseded', 'abandoned', 'revoked'],
];

const seen = {
  subject: text('Its subject.'),
  issuer: text('The subject of its issuer.'),
  serialNumber: text('In upper-case hexadecimal.'),
  fingerprint256: text('SHA-256, as `AA:BB:…`.'),
  notBefore: moment('From when on it is valid.'),
  notAfter: moment('Until when it is valid.'),
  names: list(text('A name.'), 'The DNS names and addresses that it is for.'),
  key: text('Its public key: `ECDSA P-256`, `RSA 2048`, …'),
};

export const certificateShapes = {
  SeenCertificate: record<SeenCertificate>('One certificate of a served chain.', seen),
  ServedCertificate: record<ServedCertificate>('What an endpoint served when it was looked at.', {
    ...seen,
    endpoint: text('`host:port`.'),
    seenAt: moment('When it was looked at.'),
    chain: list(ref('SeenCertificate'), 'All certificates as they were sent, the leaf first.'),
    chainPem: text('The same as PEM.'),
    trusted: flag('Whether the chain leads to a root of the wanted CA.'),
    trustError: orNull(text('Why it does not, in one sentence.')),
    missingNames: list(text('A name.'), 'Which of the wanted names it lacks.'),
  }),
  ServedEndpoint: record<CertificateView['served'][number]>('The last look at an endpoint.', {
    endpoint: text('`host:port`.'),
    seenAt: moment('When it was looked at.'),
    certificate: orNull(ref('ServedCertificate')),
    failure: orNull(text('Why nothing was seen, in one sentence.')),
  }),
  StoredCertificate: record<CertificateView['stored'][number]>(
    'One certificate, from its plan on. Its key stays sealed.',
    {
      id: whole('The certificate.', { minimum: 1 }),
      connectionId: whole('The connection that it is for.'),
      authorityId: whole('The CA that was or will be asked.'),
      operationId: text('The operation that planned it.', { format: 'uuid' }),
      status: oneOf(STATUSES, 'How far it came.'),
      names: list(text('A DNS name.'), 'The first one is the subject.'),
      keyBy: oneOf(['device', 'signalbox'], 'Who made the key; that of a device never leaves it.'),
      orderUrl: orNull(text('The order at the CA.')),
      chainPem: orNull(text('The issued chain, the leaf first.')),
      serialNumber: orNull(text('In upper-case hexadecimal.')),
      notBefore: orNull(moment('From when on it is valid.')),
      notAfter: orNull(moment('Until when it is valid.')),
      replaces: orNull(text('Which certificate it replaces, as RFC 9773 names it.')),
      createdAt: moment('When it was planned.'),
      updatedAt: moment('When it last changed.'),
    },
  ),
  PlannedRenewal: record<PlannedRenewal>('When and why the next renewal comes.', {
    automatic: flag('Whether it comes without anybody asking.'),
    dueAt: orNull(moment('From when on it is due; null where nothing is known yet.')),
    reason: orNull(
      oneOf(
        ['ari', 'lifetime', 'missing'],
        'The CA suggests it, a third of the lifetime is left, or nothing of ours is served.',
      ),
    ),
    runsAt: orNull(moment('The first moment at which it can run.')),
    waitsUntil: orNull(moment('After failures: it does not run before.')),
    waitsBecause: orNull(text('Why it waits, in one sentence.')),
    failures: whole('How many tries in a row have failed.', { minimum: 0 }),
  }),
  CertificateView: record<CertificateView>('The certificate of a connection.', {
    connectionId: whole('The connection.'),
    settings: orNull(ref('CertificateSettings')),
    served: list(ref('ServedEndpoint'), 'What was seen last, in the order of the settings.'),
    stored: list(ref('StoredCertificate'), 'Newest first, at most 20.'),
    next: orNull(ref('PlannedRenewal')),
  }),
  EndpointState: record<EndpointState>('How one endpoint stood when it was looked at last.', {
    endpoint: text('`host:port`.'),
    seenAt: moment('When it was looked at.'),
    notAfter: orNull(moment('Until when what it served is valid; null where nothing was seen.')),
    failure: orNull(text('Why it is not as it is wanted, in one sentence.')),
  }),
  CertificateSummary: record<CertificateSummary>('Where a certificate ends, and when the next one comes.', {
    connection: record<CertificateSummary['connection']>('Whose it is.', {
      id: whole('The connection.', { minimum: 1 }),
      name: text('What people call it.'),
      role: oneOf(['viewer', 'operator', 'admin'], 'What the caller may do on it.'),
    }),
    names: list(text('A name.'), 'Those that are wanted; where nothing is wanted, those that are served.'),
    wanted: flag('Whether one is wanted here; false where it is only watched.'),
    issuer: orNull(text('The subject of its issuer; null where nothing was seen.')),
    notBefore: orNull(moment('From when on it is valid.')),
    notAfter: orNull(moment('Until when it is valid; of several that are served, the one that ends first.')),
    status: orNull(oneOf(STATUSES, 'How far our newest one in use came; null where there is none.')),
    endpoints: list(ref('EndpointState'), 'In the order of the settings.'),
    renewal: orNull(ref('RenewalSettings')),
    next: orNull(ref('PlannedRenewal')),
  }),
  Certificates: record<{ certificates: CertificateSummary[] }>(
    'The certificates of the connections that the caller may see.',
    {
      certificates: list(ref('CertificateSummary'), 'By the name of the connection.'),
    },
  ),
};
