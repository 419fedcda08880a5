/** A server with nothing but the front door, for its tests: a real database, real tokens, the real audit trail. */
import type { Test } from 'tap';
import Hapi from '@hapi/hapi';
import type { Server } from '@hapi/hapi';
import type { Knex } from 'knex';
import { migrate, openDatabase } from '../../db/knexfile.js';
import { tempDir } from '../../tests/peers/temp.js';
import type { Account, Role } from '../access/contract.js';
import { Directory } from '../access/directory.js';
import { grants } from '../access/grants.js';
import { makeAudit } from '../audit/audit.js';
import { makeCounters, type Counters } from '../watching/counters.js';
import { witnessPart } from '../documents/testing/witness.js';
import { embedTokens } from '../embed/plugin.js';
import { problems } from '../problems/problems.js';
import { hashPassword } from './passwords.js';
import { auth, type AuthOptions } from './plugin.js';
import { mintToken } from './tokens.js';

export const PASSWORD = 'correct horse battery';
export const SECRET = Buffer.from('0123456789abcdef0123456789abcdef-own-secret');

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  // The tests name the fields that they expect.
  body: Record<string, unknown>;
}

export interface Call {
  token?: string | undefined;
  authorization?: string;
  payload?: unknown;
  address?: string;
}

export interface FrontDoor {
  server: Server;
  knex: Knex;
  directory: Directory;
  counters: Counters;
  clock: { now: number };
  call(method: string, url: string, call?: Call): Promise<Answer>;
  /** Stores an account with PASSWORD; answers with a token of it. */
  addUser(username: string, role: Role): Promise<string>;
  account(username: string): Account;
  tokenOf(username: string): string;
  /** Stores a connection; answers with its id. */
  addConnection(owner: string): Promise<number>;
  refused(reason: string): Promise<number>;
  audit(): Promise<{ action: string; actor: string | null; outcome: string; target: string | null }[]>;
  close(): Promise<void>;
}

export interface FixtureOptions extends Partial<Pick<AuthOptions, 'loginLimits' | 'jwks' | 'hashing'>> {
  portals?: AuthOptions['config']['jwtIssuers'];
  databaseUrl?: string;
  allowedOrigins?: string[];
  mintsPerMinute?: number;
  secret?: Buffer;
}

/** As the program sets it up: every mistake of a request is named. */
function emptyServer(): Server {
  return Hapi.server({
    routes: {
      validate: {
        options: { abortEarly: false },
        failAction: (_request, h, error) => {
          if (error) throw error;
          return h.continue;
        },
      },
    },
  });
}

async function counted(counters: Counters, reason: string): Promise<number> {
  const { values } = await counters.refusedTokens.get();
  return values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
}

async function callServer(server: Server, method: string, url: string, call: Call): Promise<Answer> {
  const authorization = call.authorization ?? (call.token === undefined ? undefined : `Bearer ${call.token}`);
  const response = await server.inject({
    method,
    url,
    ...(authorization === undefined ? {} : { headers: { authorization } }),
    ...(call.payload === undefined ? {} : { payload: call.payload as object }),
    ...(call.address === undefined ? {} : { remoteAddress: call.address }),
  });
  const json = String(response.headers['content-type']).includes('json');
  const body = (json ? JSON.parse(response.payload) : {}) as Record<string, unknown>;
  return { status: response.statusCode, headers: response.headers, text: response.payload, body };
}

/** Opens a front door on an empty database; the clock stands still until a test turns it. */
export async function openFrontDoor(options: FixtureOptions = {}): Promise<FrontDoor> {
  const { portals = [], databaseUrl = null, secret = SECRET, loginLimits = {} } = options;
  // A busy machine must not look like an endpoint that is down.
  const jwks = { timeoutMs: 30_000, ...options.jwks };
  const hashing = options.hashing ? { hashing: options.hashing } : {};
  const room = await tempDir();
  const knex = openDatabase({ databaseUrl, dataDir: room.path });
  await migrate(knex);
  const clock = { now: Date.now() };
  const now = () => clock.now;
  const directory = await Directory.load(knex, now);
  const counters = makeCounters();
  const server = emptyServer();
  const config = {
    jwtSecret: secret,
    jwtIssuers: portals,
    publicUrl: null,
    allowedOrigins: options.allowedOrigins ?? [],
  };
  const audit = makeAudit(knex, now);
  const assertPublished = witnessPart(server);
  const close = async () => {
    await server.stop();
    await knex.destroy();
    await room.remove();
    assertPublished();
  };
  try {
    await server.register(problems);
    await server.register({
      plugin: auth,
      options: { config, knex, directory, audit, counters, clock: now, loginLimits, jwks, ...hashing },
    });
    await server.register({ plugin: grants, options: { knex, directory, audit } });
    const embed = { config, knex, directory, audit, clock: now, knowsType: (type: string) => type === 'ssh_test' };
    await server.register({ plugin: embedTokens, options: { ...embed, mintsPerMinute: options.mintsPerMinute ?? 0 } });
    await server.initialize();
  } catch (error) {
    await close();
    throw error;
  }
  const passwordHash = await hashPassword(PASSWORD);
  const account = (username: string) => {
    const found = directory.userByName(username);
    if (!found) throw new Error(`There is no user ${username}.`);
    return found;
  };
  const tokenOf = (username: string) => mintToken(SECRET, account(username), clock.now).token;
  const at = new Date(clock.now).toISOString();
  return {
    server,
    knex,
    directory,
    counters,
    clock,
    account,
    tokenOf,
    close,
    call: (method, url, call = {}) => callServer(server, method, url, call),
    async addUser(username, role) {
      await knex('users').insert({ username, password_hash: passwordHash, role, created_at: at, updated_at: at });
      await directory.reload();
      return tokenOf(username);
    },
    async addConnection(owner) {
      const row = { name: 'web-12', platform: 'linux', hostname: 'web-12', port: 22, username: 'ops' };
      const ids = await knex('connections')
        .insert({ ...row, owner_id: account(owner).id, created_at: at, updated_at: at })
        .returning('id');
      const { id } = ids[0] as { id: number };
      directory.putConnection(id, account(owner).id);
      return id;
    },
    refused: (reason) => counted(counters, reason),
    audit: () => knex('audit_log').orderBy('id').select('action', 'actor', 'outcome', 'target'),
  };
}

/** A front door that is closed at the end of `t`. */
export async function open(t: Test, options: FixtureOptions = {}): Promise<FrontDoor> {
  const door = await openFrontDoor(options);
  t.teardown(() => door.close());
  return door;
}

export const login = (door: FrontDoor, username: string, password: string, address = '192.0.2.7'): Promise<Answer> =>
  door.call('POST', '/auth/login', { payload: { username, password }, address });

export const me = (door: FrontDoor, token: unknown): Promise<Answer> =>
  door.call('GET', '/auth/me', { token: String(token) });
