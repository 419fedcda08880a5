/** A server with connections, audit, health, metrics and log as in the product; who asks is named in the header. */
import { randomBytes } from 'node:crypto';
import hapi from '@hapi/hapi';
import type { Request, Server } from '@hapi/hapi';
import type { Knex } from 'knex';
import Joi from 'joi';
import type { Test } from 'tap';
import { freshSqlite } from '../../../tests/peers/databases.js';
import type { Role } from '../../access/contract.js';
import { Directory } from '../../access/directory.js';
import { makeAudit } from '../../audit/audit.js';
import { audit as auditPlugin } from '../../audit/plugin.js';
import { witnessPart } from '../../documents/testing/witness.js';
import { makeCounters, type Counters } from '../../watching/counters.js';
import { health } from '../../watching/health.js';
import { Vault } from '../../keys/vault.js';
import { logging, makeLogger } from '../../watching/log.js';
import { metrics } from '../../watching/metrics.js';
import type { Platform } from '../../platforms/contract.js';
import { platforms, PlatformRegistry } from '../../platforms/registry.js';
import { problem, problems } from '../../problems/problems.js';
import { connections } from '../plugin.js';

export interface Answer {
  status: number;
  /** The bytes of the answer, as text. */
  text: string;
  // What a test reads out of it is the test's own claim.
  body: Record<string, unknown>;
  headers: Record<string, unknown>;
}

export interface FrontDesk {
  server: Server;
  knex: Knex;
  directory: Directory;
  counters: Counters;
  vault: Vault;
  /** Every line that was logged, as written. */
  lines: string[];
  drain(): void;
  ask(username: string | null, method: string, url: string, payload?: object): Promise<Answer>;
  grant(connectionId: number, username: string, role: 'viewer' | 'operator'): Promise<void>;
}

const accounts: Record<string, Role> = {
  admin: 'admin',
  mira: 'operator',
  jonas: 'operator',
  vera: 'viewer',
  stranger: 'operator',
};

async function seedAccounts(knex: Knex): Promise<void> {
  const at = new Date().toISOString();
  const rows = Object.entries(accounts).map(([username, role]) => ({
    username,
    role,
    password_hash: '-',
    created_at: at,
  }));
  await knex('users').insert(rows.map((row) => ({ ...row, updated_at: at })));
}

/** `Bearer <username>` is enough here; rights are asked of the real directory. */
function byName(server: Server, directory: Directory): void {
  const authenticate = (request: Request) => {
    const account = directory.userByName(String(request.headers.authorization ?? '').replace('Bearer ', ''));
    if (!account) throw problem('AUTH_REQUIRED');
    const { id: userId, username } = account;
    const known = { tokenId: username, issuer: 'signalbox', maxRole: 'admin', tokenVersion: null } as const;
    return { userId, username, expiresAt: Date.now() + 3_600_000, ...known };
  };
  server.auth.scheme('by-name', () => ({
    authenticate: (request, h) => h.authenticated({ credentials: { caller: authenticate(request) } }),
  }));
  server.auth.strategy('token', 'by-name');
  server.auth.default('token');
}

function newServer(): Server {
  const failAction = (_: unknown, __: unknown, error?: Error) => {
    throw error ?? new Error('Validation failed without an error.');
  };
  const validate = { failAction, options: { abortEarly: false } };
  return hapi.server({ host: '127.0.0.1', debug: false, routes: { validate } });
}

const linux: Platform = { name: 'linux', title: 'Linux', defaultPort: 22, defaultService: null };

const vos: Platform = {
  ...{ name: 'vos', title: 'VOS', defaultPort: 2222, defaultService: 'Cisco Tomcat' },
  servicePattern: /^[A-Za-z][A-Za-z0-9 ().-]{0,63}$/,
  settings: Joi.object({
    servedPort: Joi.number().port().allow(null).default(8443),
    restartTimeoutSeconds: Joi.number().integer().min(5).max(7200).default(1200),
    label: Joi.string()
      .pattern(/^[a-z]+$/)
      .default('tomcat'),
  }),
};

/** Whose settings run on the machine as they stand. */
const scripted: Platform = {
  ...{ name: 'scripted', title: 'Any host by commands', defaultPort: 22, defaultService: null },
  settings: Joi.object({
    restartCommand: Joi.string()
      .max(100)
      .allow('')
      .pattern(/\p{Cc}/u, { invert: true, name: 'control characters' })
      .default(''),
    servedPort: Joi.number().port().allow(null).default(null),
  }).custom((settings: { restartCommand: string; servedPort: number | null }, helpers) =>
    settings.restartCommand !== '' && settings.servedPort === null
      ? helpers.message({ custom: '{{#label}} need a servedPort beside a restartCommand' })
      : settings,
  ),
  settingsByAdmin: true,
};

export async function frontDesk(t: Test): Promise<FrontDesk> {
  const { knex } = await freshSqlite(t);
  await seedAccounts(knex);
  const directory = await Directory.load(knex);
  const [vault, counters, registry] = [
    new Vault([{ id: 'k1', key: randomBytes(32) }]),
    makeCounters(),
    new PlatformRegistry(),
  ];
  const lines: string[] = [];
  let draining = false;
  const server = newServer();
  byName(server, directory);
  const logger = makeLogger('trace', { write: (line) => void lines.push(line) });
  await server.register([
    { plugin: problems },
    { plugin: logging, options: { logger } },
    { plugin: platforms, options: { registry } },
    { plugin: auditPlugin, options: { knex, access: directory } },
    { plugin: health, options: { knex, draining: () => draining, timeoutMs: 30_000 } },
    { plugin: metrics, options: { access: directory, counters } },
    { plugin: connections, options: { knex, vault, access: directory, audit: makeAudit(knex), platforms: registry } },
  ]);
  for (const platform of [linux, vos, scripted]) server.platform(platform);
  await server.initialize();
  const assertPublished = witnessPart(server);
  t.teardown(async () => {
    await server.stop();
    assertPublished();
  });
  return {
    ...{ server, knex, directory, counters, vault, lines },
    drain: () => void (draining = true),
    async ask(username, method, url, payload) {
      const headers = username === null ? {} : { authorization: `Bearer ${username}` };
      const answer = await server.inject({ method, url, headers, ...(payload && { payload }) });
      const body = String(answer.headers['content-type']).includes('json')
        ? (JSON.parse(answer.payload) as Answer['body'])
        : {};
      return { status: answer.statusCode, text: answer.payload, body, headers: answer.headers };
    },
    async grant(connectionId, username, role) {
      const userId = directory.userByName(username)?.id ?? 0;
      await knex('grants').insert({ connection_id: connectionId, user_id: userId, role });
      directory.putGrant(connectionId, userId, role);
    },
  };
}
