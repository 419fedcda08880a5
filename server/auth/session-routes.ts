/** Signing in and out: POST /auth/login, /auth/renew, /auth/logout and GET /auth/me. */
import type { Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Account } from '../access/contract.js';
import { callerOf } from '../access/gate.js';
import { atLeast } from '../access/roles.js';
import { smallJson, USERNAME } from '../access/schemas.js';
import { problem } from '../problems/problems.js';
import type { AuthParts } from './parts.js';
import { storeRevocation } from './revoked-tokens.js';
import { mintToken, OURS } from './tokens.js';

const credentials = Joi.object({
  username: Joi.string().max(64).required().description('The name of the account.'),
  password: Joi.string().max(256).required().description('Its password.'),
}).required();

const nothing = Joi.object({}).allow(null);

interface Credentials {
  username: string;
  password: string;
}

/** The answer that carries a new token; no cache may keep it. */
function tokenAnswer({ config, clock }: AuthParts, account: Account, h: ResponseToolkit) {
  const { token, expiresAt } = mintToken(config.jwtSecret, account, clock());
  const { username, role } = account;
  const body = { token, expiresAt: new Date(expiresAt).toISOString(), user: { username, role } };
  return h.response(body).header('cache-control', 'no-store');
}

async function refuseLogin({ counters, audit }: AuthParts, request: Request, username: string) {
  counters.refusedLogins.inc({ reason: 'credentials' });
  // A name of no possible account is perhaps a password in the wrong field: it is not written down.
  const actor = USERNAME.test(username) ? username : null;
  await audit.write({ request, actor, action: 'login', outcome: 'refused' });
  return problem('AUTH_BAD_CREDENTIALS', { headers: { 'WWW-Authenticate': 'Bearer' } });
}

async function login(parts: AuthParts, request: Request, h: ResponseToolkit) {
  const { username, password } = request.payload as Credentials;
  const user = await parts.passwordCheck(request.info.remoteAddress, username, password);
  if (!user) throw await refuseLogin(parts, request, username);
  await parts.audit.write({ request, actor: username, action: 'login', outcome: 'ok' });
  return tokenAnswer(parts, user, h);
}

function renew(parts: AuthParts, request: Request, h: ResponseToolkit) {
  const { issuer, username } = callerOf(request);
  if (issuer !== OURS)
    throw problem('FORBIDDEN', {
      message: 'A token of a portal is not renewed here.',
      hint: 'Get a new one where this one was made.',
    });
  const account = parts.directory.userByName(username);
  if (!account) throw problem('AUTH_INVALID_TOKEN');
  return tokenAnswer(parts, account, h);
}

async function logout({ knex, directory, audit, clock }: AuthParts, request: Request, h: ResponseToolkit) {
  const { tokenId, expiresAt } = callerOf(request);
  await storeRevocation(knex, tokenId, expiresAt, clock());
  directory.revokeToken(tokenId, expiresAt);
  await audit.write({ request, action: 'logout', outcome: 'ok' });
  return h.response().code(204);
}

function me({ directory }: AuthParts, request: Request) {
  const caller = callerOf(request);
  const role = directory.roleOf(caller);
  if (!role) throw problem('AUTH_INVALID_TOKEN');
  const { embed, issuer } = caller;
  const operator = atLeast(role, 'operator');
  const admin = role === 'admin';
  const bound = embed ? { embed: { id: caller.tokenId, ...embed } } : {};
  return {
    user: { username: caller.username, role },
    token: { issuer, expiresAt: new Date(caller.expiresAt).toISOString(), ...bound },
    may: {
      createConnections: operator && !embed,
      startOperations: operator && (!embed || embed.actions.includes('start')),
      manageUsers: admin,
      seeAll: admin,
      renew: issuer === OURS,
    },
  };
}

/** The routes of a session. */
export function sessionRoutes(parts: AuthParts): ServerRoute[] {
  const shared = { tags: ['api'] };
  const empty = { query: Joi.object({}), payload: nothing };
  return [
    {
      method: 'POST',
      path: '/auth/login',
      handler: (request, h) => login(parts, request, h),
      options: {
        ...shared,
        description: 'Gives a token for a username and a password.',
        auth: false,
        payload: smallJson,
        validate: { query: Joi.object({}), payload: credentials },
      },
    },
    {
      method: 'POST',
      path: '/auth/renew',
      handler: (request, h) => renew(parts, request, h),
      options: { ...shared, description: 'Gives a new token for a living one.', payload: smallJson, validate: empty },
    },
    {
      method: 'POST',
      path: '/auth/logout',
      handler: (request, h) => logout(parts, request, h),
      options: { ...shared, description: 'Revokes the token.', payload: smallJson, validate: empty },
    },
    {
      method: 'GET',
      path: '/auth/me',
      handler: (request) => me(parts, request),
      options: {
        ...shared,
        description: 'Says who the token is and what it may do.',
        validate: { query: Joi.object({}) },
      },
    },
  ];
}
