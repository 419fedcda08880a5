/** What the routes of connections, grants and platforms answer with. */
import type { CertificateSettings, Endpoint, RenewalSettings } from '../../certificates/contract.js';
import type { Connection, HostKey, OfferedHostKey } from '../../connections/contract.js';
import type { PublishedCertificate, PublishedPlatform } from '../../platforms/registry.js';
import { anything, flag, list, moment, oneOf, orNull, record, ref, text, whole } from '../words.js';

interface Grant {
  username: string;
  role: 'viewer' | 'operator';
}

const fingerprint = text('In OpenSSH’s form: `SHA256:` and base64.');

const certificateShapes = {
  Endpoint: record<Endpoint>('Where a certificate is served.', {
    host: orNull(text('The address; null for the hostname of the connection.')),
    port: whole('The port.', { minimum: 1, maximum: 65_535 }),
    servername: orNull(text('The name in the TLS handshake; null for the first name that is no wildcard.')),
  }),
  RenewalSettings: record<RenewalSettings>('When a certificate is renewed.', {
    automatic: flag('Whether it is renewed without anybody asking.'),
    cron: text('When a due renewal may run: a cron expression of five fields.'),
    timeZone: text('The time zone in which the expression is meant.'),
  }),
  CertificateSettings: record<CertificateSettings>('The certificate that is wanted, completed by the defaults.', {
    names: list(text('A DNS name, in lower case.'), 'The first one is the subject.'),
    authorityId: orNull(whole('The CA; null for the default one.')),
    challenge: oneOf(['http-01', 'http-01-host', 'dns-01'], 'How the names are proven.'),
    dnsCredentialId: orNull(whole('The DNS credential of dns-01.')),
    key: oneOf(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'], 'The kind of key.'),
    reuseKey: flag('Whether a renewal keeps the key.'),
    profile: orNull(text('The CA’s certificate profile; null for its default.')),
    preferredChain: orNull(text('The common name of the topmost issuer.')),
    endpoints: list(ref('Endpoint'), 'Where it has to be seen in the end.'),
    install: anything('As `certificate.settings` of GET /platforms describes, completed by its defaults.'),
    renewal: ref('RenewalSettings'),
  }),
  PublishedCertificate: record<PublishedCertificate>('What a platform says of its certificates.', {
    keyBy: oneOf(['device', 'signalbox'], 'Who makes the key; that of a device never leaves it.'),
    ports: list(whole('A port.'), 'Where it is served by default.'),
    restartService: orNull(text('The service that is restarted afterwards; null where the install reloads.')),
    settings: orNull(anything('JSON Schema (2020-12) of `certificate.install`; null where nothing can be set.')),
    placesChallenge: flag('Whether it can place a file for http-01 on the host.'),
  }),
};

export const connectionShapes = {
  ...certificateShapes,
  HostKey: record<HostKey>('The SSH host key that is pinned.', {
    type: text('As SSH names it: ssh-ed25519, …'),
    fingerprint,
    pinnedAt: moment('When it was pinned.'),
  }),
  OfferedHostKey: record<OfferedHostKey>('Another host key than the pinned one, that nobody has accepted yet.', {
    type: text('As SSH names it.'),
    fingerprint,
    offeredAt: moment('When the host last showed it.'),
  }),
  Connection: record<Connection>(
    'An appliance or server that can be reached. Secrets go in and never come out.',
    {
      id: whole('The connection.', { minimum: 1 }),
      name: text('What people call it.'),
      platform: text('A name of GET /platforms.'),
      hostname: text('A DNS name, or an IPv4 or IPv6 address.'),
      port: whole('The SSH port.', { minimum: 1, maximum: 65_535 }),
      username: text('Who signs in there.'),
      services: list(text('A service.'), 'Services that may be restarted.'),
      hostKey: orNull(ref('HostKey')),
      offeredHostKey: orNull(ref('OfferedHostKey')),
      legacyAlgorithms: flag('Whether outdated algorithms are offered to this one appliance.'),
      platformSettings: anything('As `settings` of GET /platforms describes, completed by its defaults.'),
      certificate: orNull(ref('CertificateSettings')),
      hasPassword: flag('Whether a password is stored.'),
      hasPrivateKey: flag('Whether a private key is stored.'),
      owner: text('The username of its owner.'),
      role: oneOf(['viewer', 'operator', 'admin'], 'What the caller may do on it.'),
      createdAt: moment('When it was added.'),
      updatedAt: moment('When it was last changed.'),
    },
    ['offeredHostKey'],
  ),
  Connections: record<{ connections: Connection[] }>('The connections that the caller may see.', {
    connections: list(ref('Connection'), 'By name.'),
  }),
  Grant: record<Grant>('Who else may see or use a connection.', {
    username: text('The account.'),
    role: oneOf(['viewer', 'operator'], 'The lower of this and the account’s own role counts.'),
  }),
  Grants: record<{ grants: Grant[] }>('All grants of a connection.', { grants: list(ref('Grant'), 'By username.') }),
  PublishedPlatform: record<PublishedPlatform>('What a connection can be.', {
    name: text('Its name, as a connection has it in `platform`.'),
    title: text('Its name for people.'),
    defaultPort: whole('The port where a connection names none.'),
    defaultService: orNull(text('The service that a restart without params restarts.')),
    settings: orNull(anything('JSON Schema (2020-12) of `platformSettings`; null where there are none.')),
    settingsByAdmin: flag('Whether only an admin may write the settings.'),
    certificate: orNull(ref('PublishedCertificate')),
    capabilities: list(text('A capability.'), 'What it can do.'),
  }),
  PublishedPlatforms: record<{ platforms: PublishedPlatform[] }>('The platforms.', {
    platforms: list(ref('PublishedPlatform'), 'By title.'),
  }),
};
