/** Every setting: one environment variable each, with its default and what it does. docs/settings.md is made from it. */
import { jwtIssuers } from './jwt-issuers.js';
import { jwtSecret, secretKeys } from '../keys/secret-keys.js';
import {
  addressRange,
  databaseUrl,
  listenHost,
  listOf,
  nameServerAddress,
  oneOf,
  origin,
  secretText,
  text,
  wholeNumber,
} from './values.js';

export interface Setting<T = unknown> {
  name: string;
  /** The text that counts where none is given, or what happens then. */
  default: string;
  description: string;
  /** Whether `<name>_FILE` may name a file that holds the value. */
  file: boolean;
  parse(value: string): T;
  /** The value where none is given. */
  fallback(): T;
}

type Words<T> = { name: string; default: string; description: string; file?: boolean; parse(value: string): T };

function setting<T>(words: Words<T>): Setting<T> {
  return { file: false, ...words, fallback: () => words.parse(words.default) };
}

/** Null where it is unset; `default` then says in words what happens. */
function optional<T>(words: Words<T>): Setting<T | null> {
  return { file: false, ...words, fallback: () => null };
}

/** Empty where it is unset. */
function list<T>(words: Omit<Words<T>, 'default'> & { default?: string }): Setting<T[]> {
  return { file: false, default: 'none', ...words, parse: listOf(words.parse), fallback: () => [] };
}

export const table = {
  host: setting({
    name: 'HOST',
    default: '127.0.0.1',
    description: 'The address to listen on; 0.0.0.0 in the image.',
    parse: listenHost,
  }),
  port: setting({
    name: 'PORT',
    default: '3000',
    description: 'The port to listen on; 0 takes a free one.',
    parse: wholeNumber(0, 65535),
  }),
  databaseUrl: optional({
    name: 'DATABASE_URL',
    default: 'an SQLite file in the data directory',
    description: 'The PostgreSQL database: postgres://user:password@host:port/name.',
    // It holds a password.
    file: true,
    parse: databaseUrl,
  }),
  dataDir: setting({
    name: 'SIGNALBOX_DATA_DIR',
    default: './data',
    description: 'Where the SQLite file and the keys made at the first start are kept.',
    parse: text,
  }),
  adminPassword: optional({
    name: 'SIGNALBOX_ADMIN_PASSWORD',
    default: 'made and printed once',
    description:
      'The password of the first account, admin; used only while there are no accounts. 12 to 256 characters.',
    file: true,
    parse: secretText(12, 256),
  }),
  secretKeys: optional({
    name: 'SIGNALBOX_SECRET_KEY',
    default: 'made at the first start in secret.key in the data directory',
    description:
      'Seals the stored credentials: 32 random bytes as base64 or hex. To change it, give several as id:key, separated by commas: the first seals, all open.',
    file: true,
    parse: secretKeys,
  }),
  jwtSecret: optional({
    name: 'SIGNALBOX_JWT_SECRET',
    default: 'made at the first start in jwt.secret in the data directory',
    description: 'Signs our own tokens: at least 32 bytes. A new one signs everybody out.',
    file: true,
    parse: jwtSecret,
  }),
  jwtIssuers: setting({
    name: 'SIGNALBOX_JWT_ISSUERS',
    default: '[]',
    description:
      'Portals whose own tokens are taken: a JSON array of {name, issuer, audience, jwksUrl or publicKey, algorithms, userClaim, maxRole}.',
    file: true,
    parse: jwtIssuers,
  }),
  publicUrl: optional({
    name: 'SIGNALBOX_PUBLIC_URL',
    default: "the request's own host",
    description: 'The address at which people reach this server, without a path.',
    parse: origin,
  }),
  allowedOrigins: list({
    name: 'SIGNALBOX_ALLOWED_ORIGINS',
    description: 'Origins of other pages that may use this server, separated by commas.',
    parse: origin,
  }),
  trustedProxies: list({
    name: 'SIGNALBOX_TRUSTED_PROXIES',
    description: 'Addresses or ranges of proxies whose forwarded headers are believed, separated by commas.',
    parse: addressRange,
  }),
  plugins: list({
    name: 'SIGNALBOX_PLUGINS',
    description: 'Packages or paths of plugins to load, separated by commas.',
    parse: text,
  }),
  dnsResolvers: list({
    name: 'SIGNALBOX_DNS_RESOLVERS',
    default: 'those of the system',
    description:
      'Name servers that DNS challenges are looked up through, separated by commas: 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53.',
    parse: nameServerAddress,
  }),
  startLimit: setting({
    name: 'SIGNALBOX_START_LIMIT',
    default: '60',
    description: 'Starts in a minute for each user and for each connection; 0: no limit.',
    parse: wholeNumber(0, 1_000_000),
  }),
  leaseSeconds: setting({
    name: 'SIGNALBOX_LEASE_SECONDS',
    default: '30',
    description: 'After how many seconds of silence the operations of a node are taken from it.',
    parse: wholeNumber(1, 3600),
  }),
  operationsConcurrency: setting({
    name: 'SIGNALBOX_OPERATIONS_CONCURRENCY',
    default: '20',
    description: 'How many operations one node runs at once.',
    parse: wholeNumber(1, 10_000),
  }),
  retentionDays: setting({
    name: 'SIGNALBOX_RETENTION_DAYS',
    default: '90',
    description: 'For how many days finished operations are kept.',
    parse: wholeNumber(1, 36_500),
  }),
  realtime: setting({
    name: 'SIGNALBOX_REALTIME',
    default: 'on',
    description:
      'Whether pages get live updates over a WebSocket: on, or off (they poll). An admin can change it while it runs.',
    parse: oneOf('on', 'off'),
  }),
  realtimeRollout: setting({
    name: 'SIGNALBOX_REALTIME_ROLLOUT',
    default: '100',
    description:
      'The share of users, in percent and stable by user, who get the WebSocket. An admin can change it while it runs.',
    parse: wholeNumber(0, 100),
  }),
  logLevel: setting({
    name: 'SIGNALBOX_LOG_LEVEL',
    default: 'info',
    description: 'The least weighty lines that are logged: fatal, error, warn, info, debug, trace or silent.',
    parse: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  }),
};

type Row = Pick<Setting, 'name' | 'default' | 'description'>;

function rowsOf({ name, default: fallback, description, file }: Setting): Row[] {
  const fromFile = { name: `${name}_FILE`, default: 'none', description: `A file that holds ${name}.` };
  return [{ name, default: fallback, description }, ...(file ? [fromFile] : [])];
}

/** Every environment variable that is read, in order. */
export const settings: Row[] = Object.values<Setting>(table).flatMap(rowsOf);
