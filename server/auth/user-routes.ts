/** Accounts: GET, POST /users and PATCH, DELETE /users/{username}, for admins; and everybody's own password. */
import type { Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Role } from '../access/contract.js';
import { adminOnly, callerOf } from '../access/gate.js';
import { role, smallJson, username } from '../access/schemas.js';
import { problem } from '../problems/problems.js';
import type { AccountChange } from './accounts.js';
import type { AuthParts } from './parts.js';
import { PASSWORD_LENGTH } from './passwords.js';
import type { UserRecord } from './users.js';

const password = Joi.string()
  .min(PASSWORD_LENGTH.min)
  .max(PASSWORD_LENGTH.max)
  .description(`The password: ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`);

const newUser = Joi.object({
  username: username.required(),
  password: password.required(),
  role: role.required(),
}).required();

const change = Joi.object({
  password,
  role,
  currentPassword: Joi.string().max(256).description('Your own password of today, where you change your own.'),
})
  .or('password', 'role')
  .with('currentPassword', 'password')
  .required();

interface Change extends AccountChange {
  currentPassword?: string;
}

const ofUser = Joi.object({ username: username.required() });
const nameIn = (request: Request): string => (request.params as { username: string }).username;

function onTheWire({ username: name, role: is, createdAt, updatedAt }: UserRecord) {
  return { username: name, role: is, createdAt, updatedAt };
}

async function list({ accounts, directory }: AuthParts, request: Request) {
  adminOnly(directory, request);
  return { users: (await accounts.list()).map(onTheWire) };
}

async function create({ accounts, directory, audit }: AuthParts, request: Request, h: ResponseToolkit) {
  adminOnly(directory, request);
  const given = request.payload as { username: string; password: string; role: Role };
  const user = await accounts.create(given.username, given.password, given.role);
  const target = `user:${user.username}`;
  await audit.write({ request, action: 'user.create', target, outcome: 'ok', detail: { role: user.role } });
  return h.response(onTheWire(user)).code(201);
}

/** His own password needs the old one, even from an admin: a token left behind must not become an account. */
async function allowChange(parts: AuthParts, request: Request, given: Change): Promise<void> {
  const { username: caller } = callerOf(request);
  const own = caller === nameIn(request);
  if (!own || given.role !== undefined) adminOnly(parts.directory, request);
  if (!own || given.password === undefined) return;
  const user = await parts.passwordCheck(request.info.remoteAddress, caller, given.currentPassword ?? '');
  if (user) return;
  const target = `user:${caller}`;
  await parts.audit.write({ request, action: 'user.update', target, outcome: 'refused' });
  throw problem('CURRENT_PASSWORD_WRONG');
}

async function update(parts: AuthParts, request: Request) {
  const given = request.payload as Change;
  await allowChange(parts, request, given);
  const user = await parts.accounts.change(nameIn(request), { password: given.password, role: given.role });
  const changed = [
    ...(given.password === undefined ? [] : ['password']),
    ...(given.role === undefined ? [] : ['role']),
  ];
  const target = `user:${user.username}`;
  const detail = { changed, role: user.role };
  await parts.audit.write({ request, action: 'user.update', target, outcome: 'ok', detail });
  return onTheWire(user);
}

async function remove({ accounts, directory, audit }: AuthParts, request: Request, h: ResponseToolkit) {
  adminOnly(directory, request);
  const name = nameIn(request);
  await accounts.remove(name);
  await audit.write({ request, action: 'user.delete', target: `user:${name}`, outcome: 'ok' });
  return h.response().code(204);
}

/** The routes of accounts. */
export function userRoutes(parts: AuthParts): ServerRoute[] {
  const tags = ['api'];
  const query = Joi.object({});
  return [
    {
      method: 'GET',
      path: '/users',
      handler: (request) => list(parts, request),
      options: { description: 'Lists the accounts.', tags, validate: { query } },
    },
    {
      method: 'POST',
      path: '/users',
      handler: (request, h) => create(parts, request, h),
      options: { description: 'Makes an account.', tags, payload: smallJson, validate: { query, payload: newUser } },
    },
    {
      method: 'PATCH',
      path: '/users/{username}',
      handler: (request) => update(parts, request),
      options: {
        description: 'Changes a password or a role; a new password ends all tokens of the account.',
        tags,
        payload: smallJson,
        validate: { query, params: ofUser, payload: change },
      },
    },
    {
      method: 'DELETE',
      path: '/users/{username}',
      handler: (request, h) => remove(parts, request, h),
      options: {
        description: 'Removes an account that owns no connections.',
        tags,
        validate: { query, params: ofUser },
      },
    },
  ];
}
