/** From the environment to the settings as the program uses them: everything is checked, and all mistakes are told at once. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from './config.js';
import { keyFile, makeDataDir } from '../keys/key-file.js';
import { jwtSecret, makeJwtSecret, makeSecretKey, secretKeys } from '../keys/secret-keys.js';
import { nearestName } from './nearest-name.js';
import { SettingMistake } from './values.js';
import { settings, table, type Setting } from './table.js';

/** The settings can't be used; `mistakes` holds one sentence for each reason. */
export class SettingsError extends Error {
  override name = 'SettingsError';
  readonly mistakes: string[];

  constructor(mistakes: string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new SettingMistake(`expected a file that can be read, got '${path}'`, { cause: error });
  }
}

class Reader {
  readonly mistakes: string[] = [];
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** What `work` gives; a mistake in it is kept under `name`, and `fallback` counts for the rest of the check. */
  attempt<T>(name: string, work: () => T, fallback: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof SettingMistake)) throw error;
      this.mistakes.push(`${name}: ${error.message}.`);
      return fallback();
    }
  }

  value<T>({ name, file, parse, fallback }: Setting<T>): T {
    const given = this.#text(name);
    const path = file ? this.#text(`${name}_FILE`) : null;
    if (given !== null && path !== null) this.mistakes.push(`${name}: ${name}_FILE is set as well; keep one of them.`);
    if (path !== null) return this.attempt(`${name}_FILE`, () => parse(fileText(path)), fallback);
    return given === null ? fallback() : this.attempt(name, () => parse(given), fallback);
  }

  /** Names that begin like ours and are none: a setting that was mistyped would silently not count. */
  unknown(): void {
    const known = settings.map(({ name }) => name);
    for (const name of Object.keys(this.#env)) {
      if (!name.startsWith('SIGNALBOX_') || known.includes(name)) continue;
      const nearest = nearestName(name, known);
      this.mistakes.push(`${name}: there is no such setting${nearest ? `; did you mean ${nearest}?` : '.'}`);
    }
  }

  #text(name: string): string | null {
    return this.#env[name]?.trim() || null;
  }
}

function keysOf(reader: Reader, dataDir: string): Pick<Config, 'secretKeys' | 'jwtSecret'> {
  const { secretKeys: keys, jwtSecret: secret } = table;
  // Without a directory there is nowhere to make a key, and a given key that is wrong must not be replaced by a new one.
  const before = reader.mistakes.length;
  reader.attempt(
    table.dataDir.name,
    () => makeDataDir(dataDir),
    () => undefined,
  );
  const givenKeys = reader.value(keys);
  const givenSecret = reader.value(secret);
  if (reader.mistakes.length > before) return { secretKeys: [], jwtSecret: Buffer.alloc(0) };
  const keysInFile = () => keyFile(dataDir, 'secret.key', makeSecretKey, secretKeys);
  const secretInFile = () => keyFile(dataDir, 'jwt.secret', makeJwtSecret, jwtSecret);
  return {
    secretKeys: givenKeys ?? reader.attempt(keys.name, keysInFile, () => []),
    jwtSecret: givenSecret ?? reader.attempt(secret.name, secretInFile, () => Buffer.alloc(0)),
  };
}

function read(reader: Reader): Config {
  const dataDir = resolve(reader.value(table.dataDir));
  return {
    host: reader.value(table.host),
    port: reader.value(table.port),
    databaseUrl: reader.value(table.databaseUrl),
    dataDir,
    adminPassword: reader.value(table.adminPassword),
    ...keysOf(reader, dataDir),
    jwtIssuers: reader.value(table.jwtIssuers),
    publicUrl: reader.value(table.publicUrl),
    allowedOrigins: reader.value(table.allowedOrigins),
    trustedProxies: reader.value(table.trustedProxies),
    plugins: reader.value(table.plugins),
    dnsResolvers: reader.value(table.dnsResolvers),
    startLimit: reader.value(table.startLimit),
    leaseSeconds: reader.value(table.leaseSeconds),
    operationsConcurrency: reader.value(table.operationsConcurrency),
    retentionDays: reader.value(table.retentionDays),
    realtime: reader.value(table.realtime),
    realtimeRollout: reader.value(table.realtimeRollout),
    logLevel: reader.value(table.logLevel),
  };
}

/**
 * The settings of this environment; an empty variable counts as unset. Keys that are not given are made in the data
 * directory at the first start. Throws a SettingsError that tells all mistakes at once.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const reader = new Reader(env);
  const config = read(reader);
  reader.unknown();
  if (reader.mistakes.length > 0) throw new SettingsError(reader.mistakes);
  return config;
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  if (url.password) url.password = 'redacted';
  url.search = '';
  return url.href;
}

/** The settings for the log at the start: nothing secret in them. */
export function describeConfig(config: Config): Record<string, unknown> {
  return {
    ...config,
    databaseUrl: config.databaseUrl === null ? null : withoutPassword(config.databaseUrl),
    adminPassword: config.adminPassword === null ? null : 'given',
    secretKeys: config.secretKeys.map(({ id }) => id),
    jwtSecret: `${config.jwtSecret.length} bytes`,
    jwtIssuers: config.jwtIssuers.map(({ name, issuer, maxRole }) => ({ name, issuer, maxRole })),
  };
}
