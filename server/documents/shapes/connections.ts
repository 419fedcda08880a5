/** What the routes of connections, grants and platforms answer with. */
import type { Connection, HostKey, OfferedHostKey } from '../../connections/contract.js';
import type { PublishedPlatform } from '../../platforms/registry.js';
import { anything, flag, list, moment, oneOf, orNull, record, ref, text, whole } from '../words.js';

interface Grant {
  username: string;
  role: 'viewer' | 'operator';
}

const fingerprint = text('In OpenSSH’s form: `SHA256:` and base64.');

export const connectionShapes = {
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
    capabilities: list(text('A capability.'), 'What it can do.'),
  }),
  PublishedPlatforms: record<{ platforms: PublishedPlatform[] }>('The platforms.', {
    platforms: list(ref('PublishedPlatform'), 'By title.'),
  }),
};
