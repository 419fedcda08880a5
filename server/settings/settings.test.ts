import { fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { tempDir } from '../../tests/peers/temp.js';
import { makeSecretKey } from '../keys/secret-keys.js';
import { describeConfig, loadConfig, SettingsError } from './settings.js';
import { settings } from './table.js';

async function room(t: Test): Promise<string> {
  const directory = await tempDir();
  t.teardown(() => directory.remove());
  return directory.path;
}

function mistakesOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes;
    throw error;
  }
  return [];
}

const portal = {
  name: 'portal',
  issuer: 'https://login.example',
  audience: 'signalbox',
  jwksUrl: 'https://login.example/jwks',
};

t.test('starts with nothing set, and makes its two keys once', async (t) => {
  const dataDir = join(await room(t), 'new', 'data');
  const { secretKeys, jwtSecret, ...rest } = loadConfig({ SIGNALBOX_DATA_DIR: dataDir, PORT: '', HOST: '  ' });
  t.strictSame(rest, {
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: null,
    dataDir,
    adminPassword: null,
    jwtIssuers: [],
    publicUrl: null,
    allowedOrigins: [],
    trustedProxies: [],
    plugins: [],
    dnsResolvers: [],
    startLimit: 60,
    leaseSeconds: 30,
    operationsConcurrency: 20,
    retentionDays: 90,
    realtime: 'on',
    realtimeRollout: 100,
    logLevel: 'info',
  });
  t.equal((await stat(dataDir)).mode & 0o777, 0o700);
  t.strictSame((await readdir(dataDir)).sort(), ['jwt.secret', 'secret.key']);
  for (const name of ['jwt.secret', 'secret.key']) t.equal((await stat(join(dataDir, name))).mode & 0o777, 0o600);
  t.equal(secretKeys[0]?.key.length, 32);
  t.ok(jwtSecret.length >= 32);
  const again = loadConfig({ SIGNALBOX_DATA_DIR: dataDir });
  t.strictSame({ secretKeys: again.secretKeys, jwtSecret: again.jwtSecret }, { secretKeys, jwtSecret });
});

t.test('reads every setting', async (t) => {
  const dataDir = await room(t);
  const { publicKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const other = { name: 'other', issuer: 'x', audience: 'y', publicKey, algorithms: ['EdDSA'], userClaim: 'email' };
  const [old, fresh] = [makeSecretKey(), Buffer.alloc(32, 7).toString('hex')];
  const config = loadConfig({
    HOST: '::1',
    PORT: '0',
    DATABASE_URL: 'postgres://user:pw@db/signalbox',
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_ADMIN_PASSWORD: 'correct horse battery',
    SIGNALBOX_SECRET_KEY: `2026:${fresh}, ${old}`,
    SIGNALBOX_JWT_SECRET: 'x'.repeat(32),
    SIGNALBOX_JWT_ISSUERS: JSON.stringify([portal, { ...other, maxRole: 'viewer' }]),
    SIGNALBOX_PUBLIC_URL: 'https://Signalbox.example:443/',
    SIGNALBOX_ALLOWED_ORIGINS: 'http://localhost:5173, https://portal.example/',
    SIGNALBOX_TRUSTED_PROXIES: '10.0.0.0/8,::1,192.0.2.7',
    SIGNALBOX_PLUGINS: './examples/toy-plugin, signalbox-plugin-x',
    SIGNALBOX_DNS_RESOLVERS: '192.0.2.1, 192.0.2.1:5353,2001:db8::1,[2001:db8::1]:53',
    SIGNALBOX_START_LIMIT: '0',
    SIGNALBOX_LEASE_SECONDS: '5',
    SIGNALBOX_OPERATIONS_CONCURRENCY: '3',
    SIGNALBOX_RETENTION_DAYS: '7',
    SIGNALBOX_REALTIME: 'off',
    SIGNALBOX_REALTIME_ROLLOUT: '25',
    SIGNALBOX_LOG_LEVEL: 'debug',
  });
  t.match(config, {
    host: '::1',
    port: 0,
    adminPassword: 'correct horse battery',
    publicUrl: 'https://signalbox.example',
  });
  t.strictSame(config.allowedOrigins, ['http://localhost:5173', 'https://portal.example']);
  t.strictSame(config.trustedProxies, ['10.0.0.0/8', '::1', '192.0.2.7']);
  t.strictSame(config.plugins, ['./examples/toy-plugin', 'signalbox-plugin-x']);
  t.strictSame(config.dnsResolvers, ['192.0.2.1', '192.0.2.1:5353', '2001:db8::1', '[2001:db8::1]:53']);
  t.match(config, { startLimit: 0, leaseSeconds: 5, operationsConcurrency: 3, retentionDays: 7 });
  t.match(config, { realtime: 'off', realtimeRollout: 25, logLevel: 'debug' });
  t.equal(config.secretKeys[0]?.id, '2026');
  t.equal(config.secretKeys[0]?.key.toString('hex'), fresh);
  t.equal(config.secretKeys[1]?.key.toString('base64'), old);
  t.strictSame(config.jwtIssuers, [
    { ...portal, algorithms: ['RS256', 'ES256', 'EdDSA'], userClaim: 'sub', maxRole: 'operator' },
    { ...other, maxRole: 'viewer' },
  ]);
  t.strictSame(await readdir(dataDir), [], 'given keys need no files');

  const described = JSON.stringify(describeConfig(config));
  for (const secret of ['pw', 'correct horse', fresh, old, 'xxxx', 'BEGIN'])
    t.notOk(described.includes(secret), secret);
  t.match(described, /"secretKeys":\["2026","[0-9a-f]{8}"\]/);
});

t.test('tells all mistakes at once, each in one sentence and none with a secret', async (t) => {
  const mistakes = mistakesOf({
    SIGNALBOX_DATA_DIR: await room(t),
    HOST: 'a b',
    PORT: 'abc',
    DATABASE_URL: 'mysql://user:canary@db/x',
    SIGNALBOX_ADMIN_PASSWORD: 'canary',
    SIGNALBOX_SECRET_KEY: 'canary',
    SIGNALBOX_JWT_SECRET: 'canary',
    SIGNALBOX_JWT_ISSUERS: '{canary',
    SIGNALBOX_PUBLIC_URL: 'https://example.com/signalbox',
    SIGNALBOX_ALLOWED_ORIGINS: 'https://a.example,*',
    SIGNALBOX_TRUSTED_PROXIES: '10.0.0.0/33',
    SIGNALBOX_DNS_RESOLVERS: '192.0.2.1,ns.example:53',
    SIGNALBOX_REALTIME: 'yes',
    SIGNALBOX_REALTIME_ROLLOUT: '101',
    SIGNALBOX_DATADIR: 'x',
    SIGNALBOX_COLOUR: 'x',
  });
  t.strictSame(mistakes.toSorted(), [
    'DATABASE_URL: expected an address that begins with postgres:// (leave it unset for the SQLite file in the data directory).',
    "HOST: expected a host name or an IP address, got 'a b'.",
    "PORT: expected a whole number from 0 to 65535, got 'abc'.",
    'SIGNALBOX_ADMIN_PASSWORD: expected 12 to 256 characters, got 6.',
    "SIGNALBOX_ALLOWED_ORIGINS: expected an address such as https://signalbox.example.com, without a path, got '*'.",
    'SIGNALBOX_COLOUR: there is no such setting.',
    'SIGNALBOX_DATADIR: there is no such setting; did you mean SIGNALBOX_DATA_DIR?',
    "SIGNALBOX_DNS_RESOLVERS: expected addresses such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53, got 'ns.example:53'.",
    'SIGNALBOX_JWT_ISSUERS: expected a JSON array of issuers.',
    'SIGNALBOX_JWT_SECRET: expected at least 32 bytes, got 6.',
    "SIGNALBOX_PUBLIC_URL: expected an address such as https://signalbox.example.com, without a path, got 'https://example.com/signalbox'.",
    "SIGNALBOX_REALTIME: expected one of on, off, got 'yes'.",
    "SIGNALBOX_REALTIME_ROLLOUT: expected a whole number from 0 to 100, got '101'.",
    'SIGNALBOX_SECRET_KEY: expected 32 random bytes as base64 or hex.',
    "SIGNALBOX_TRUSTED_PROXIES: expected IP addresses or ranges such as 10.0.0.0/8, got '10.0.0.0/33'.",
  ]);
  t.notMatch(mistakes.join(), /canary/);
});

t.test('refuses portals that would weaken sign-in', async (t) => {
  const dataDir = await room(t);
  const refuse = (entries: object[], words: RegExp) => {
    const mistakes = mistakesOf({ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_JWT_ISSUERS: JSON.stringify(entries) });
    t.equal(mistakes.length, 1);
    t.match(mistakes[0], words);
  };
  const { privateKey } = generateKeyPairSync('ed25519', { privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  const { jwksUrl: _, ...keyless } = portal;
  refuse([{ ...portal, issuer: 'signalbox' }], /issuer must not be signalbox: that name is our own/);
  refuse([{ ...portal, name: 'signalbox' }], /name must not be signalbox/);
  refuse([portal, { ...portal, name: 'other' }], /repeats the issuer/);
  refuse([portal, { ...portal, issuer: 'other' }], /repeats the name/);
  refuse([{ ...portal, algorithms: ['HS256'] }], /algorithms\[0\] must be one of/);
  refuse([{ ...portal, algorithms: ['none'] }], /algorithms\[0\] must be one of/);
  refuse([{ ...portal, algorithms: [] }], /algorithms/);
  refuse([{ ...portal, jwksUrl: 'http://login.example/jwks' }], /must be an https address/);
  refuse([{ ...portal, jwksUrl: 'file:///etc/passwd' }], /must be an https address/);
  refuse([keyless], /needs jwksUrl or publicKey/);
  refuse([{ ...portal, publicKey: 'x' }], /not both/);
  refuse([{ ...keyless, publicKey: privateKey }], /publicKey must be a public key in PEM form/);
  refuse(
    [{ ...keyless, publicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' }],
    /must be a public key/,
  );
  refuse([{ ...portal, maxRole: 'root' }], /maxRole must be one of/);
  refuse([{ ...portal, audience: undefined }], /audience is required/);
  refuse([{ ...portal, jwks: 'x' }], /jwks is not allowed/);
  t.strictSame(
    mistakesOf({
      SIGNALBOX_DATA_DIR: dataDir,
      SIGNALBOX_JWT_ISSUERS: JSON.stringify([{ ...portal, jwksUrl: 'http://127.0.0.1:8080/jwks' }]),
    }),
    [],
    'plain http within the same machine',
  );
});

t.test('refuses wrong keys without making new ones', async (t) => {
  const dataDir = await room(t);
  const key = makeSecretKey();
  for (const value of [`a:${key},a:${makeSecretKey()}`, `a b:${key}`, `${key}A`, key.slice(4), ',', 'f'.repeat(63)])
    t.match(mistakesOf({ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_SECRET_KEY: value })[0], /^SIGNALBOX_SECRET_KEY: /);
  t.strictSame(await readdir(dataDir), []);
});

t.test('reads secrets from files', async (t) => {
  const dataDir = await room(t);
  const file = async (name: string, content: string) => {
    await writeFile(join(dataDir, name), `${content}\n`);
    return join(dataDir, name);
  };
  const key = makeSecretKey();
  const env = {
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_ADMIN_PASSWORD_FILE: await file('admin', 'correct horse battery'),
    SIGNALBOX_SECRET_KEY_FILE: await file('key', key),
    SIGNALBOX_JWT_SECRET_FILE: await file('jwt', 'y'.repeat(40)),
    SIGNALBOX_JWT_ISSUERS_FILE: await file('issuers', JSON.stringify([portal])),
    DATABASE_URL_FILE: await file('database', 'postgres://user:pw@db/signalbox'),
  };
  const config = loadConfig(env);
  t.equal(config.adminPassword, 'correct horse battery');
  t.equal(config.secretKeys[0]?.key.toString('base64'), key);
  t.equal(config.jwtSecret.toString(), 'y'.repeat(40));
  t.equal(config.jwtIssuers.length, 1);
  t.equal(config.databaseUrl, 'postgres://user:pw@db/signalbox');
  const missing = join(dataDir, 'missing');
  t.strictSame(mistakesOf({ ...env, SIGNALBOX_JWT_SECRET_FILE: missing, SIGNALBOX_SECRET_KEY: key }), [
    'SIGNALBOX_SECRET_KEY: SIGNALBOX_SECRET_KEY_FILE is set as well; keep one of them.',
    `SIGNALBOX_JWT_SECRET_FILE: expected a file that can be read, got '${missing}'.`,
  ]);
  t.strictSame(mistakesOf({ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PLUGINS_FILE: 'x' }), [
    'SIGNALBOX_PLUGINS_FILE: there is no such setting; did you mean SIGNALBOX_PLUGINS?',
  ]);
});

t.test('refuses a key file that others can read, that is damaged or that is none', async (t) => {
  const dataDir = await room(t);
  const env = { SIGNALBOX_DATA_DIR: dataDir };
  const before = loadConfig(env);
  const path = join(dataDir, 'secret.key');
  for (const mode of [0o640, 0o604, 0o620]) {
    await chmod(path, mode);
    t.strictSame(mistakesOf(env), [
      `SIGNALBOX_SECRET_KEY: expected ${path} to be readable by its owner alone (chmod 600).`,
    ]);
  }
  await chmod(path, 0o600);
  const key = await readFile(path, 'utf8');
  for (const content of ['', key.slice(0, 20)]) {
    await writeFile(path, content);
    t.strictSame(mistakesOf(env), [`SIGNALBOX_SECRET_KEY: ${path}: expected 32 random bytes as base64 or hex.`]);
  }
  await writeFile(path, `fresh:${makeSecretKey()},${key}`);
  t.same(loadConfig(env).secretKeys[1], before.secretKeys[0], 'a key file takes several keys as the setting does');

  const blocked = join(dataDir, 'blocked');
  await mkdir(join(blocked, 'jwt.secret'), { recursive: true });
  await symlink(join(blocked, 'nowhere', 'else'), join(blocked, 'secret.key'));
  const mistakes = mistakesOf({ SIGNALBOX_DATA_DIR: blocked });
  t.match(mistakes, [/^SIGNALBOX_SECRET_KEY: .*secret.key: /, /^SIGNALBOX_JWT_SECRET: .*jwt.secret/]);
  const wrong = mistakesOf({ SIGNALBOX_DATA_DIR: path });
  t.equal(wrong.length, 1);
  t.match(wrong[0], /^SIGNALBOX_DATA_DIR: expected .* to be a directory that can be written \(EEXIST\)\.$/);
});

t.test('two processes that start at once end with the same keys', async (t) => {
  const directory = await room(t);
  const makers = [1, 2, 3].map(() => fork(new URL('../keys/testing/key-maker.ts', import.meta.url)));
  t.teardown(() => makers.forEach((maker) => maker.kill()));
  await Promise.all(makers.map((maker) => once(maker, 'message')));
  for (let round = 0; round < 20; round++) {
    const dataDir = join(directory, String(round));
    const answers = makers.map((maker) => once(maker, 'message'));
    for (const maker of makers) maker.send(dataDir);
    const keys = (await Promise.all(answers)).map(([text]) => String(text));
    t.equal(new Set(keys).size, 1, `round ${round}`);
    t.strictSame((await readdir(dataDir)).sort(), ['jwt.secret', 'secret.key'], 'no draft is left');
  }
  for (const maker of makers) maker.disconnect();
  await Promise.all(makers.map((maker) => once(maker, 'exit')));
});

t.test('describes each setting once', async (t) => {
  const names = settings.map(({ name }) => name);
  t.equal(new Set(names).size, names.length);
  for (const name of ['PORT', 'SIGNALBOX_SECRET_KEY', 'SIGNALBOX_SECRET_KEY_FILE', 'SIGNALBOX_JWT_ISSUERS_FILE'])
    t.ok(names.includes(name), name);
  for (const { name, default: fallback, description } of settings) {
    t.match(description, /^[A-Z].*\.$/, name);
    t.not(fallback, '', name);
  }
});
