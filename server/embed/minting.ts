/** POST /auth/embed-tokens: what is asked for, held against what its maker may do, made into a token. */
import type { Request, ResponseToolkit } from '@hapi/hapi';
import { v4 as uuid } from 'uuid';
import type { Account, Caller } from '../access/contract.js';
import { callerOf, gate } from '../access/gate.js';
import { problem } from '../problems/problems.js';
import type { EmbedScope } from './contract.js';
import { isKnownOrigin } from './origins.js';
import type { EmbedParts } from './parts.js';
import type { Wanted } from './schema.js';
import { insertEmbedToken } from './store.js';
import { EMBED_ACTIONS, mintEmbedToken } from './tokens.js';

/** The caller's account; a token for widgets is nobody's own. */
export function makerOf({ directory }: EmbedParts, caller: Caller): Account {
  if (caller.embed) throw problem('EMBED_REFUSED');
  const account = directory.userByName(caller.username);
  if (account?.id !== caller.userId) throw problem('AUTH_INVALID_TOKEN');
  return account;
}

function checkOrigins({ config }: EmbedParts, request: Request, origins: readonly string[]): void {
  const strange = origins.find((origin) => !isKnownOrigin(origin, request.info.host, config));
  if (strange !== undefined)
    throw problem('EMBED_ORIGIN_UNKNOWN', { message: `Pages of ${strange} cannot reach Signalbox.` });
}

function checkTypes({ knowsType }: EmbedParts, types: readonly string[] | null): void {
  const strange = types?.find((type) => !knowsType(type));
  if (strange !== undefined) throw problem('EMBED_TYPE_UNKNOWN', { message: `No plugin brings the type ${strange}.` });
}

/** What a maker cannot do himself is refused here already, so that a portal learns of it before its users do. */
function scopeFor(parts: EmbedParts, request: Request): EmbedScope {
  const { connections, operations, actions, origins } = request.payload as Wanted;
  checkOrigins(parts, request, origins);
  checkTypes(parts, operations);
  const minimum = actions.some((action) => action !== 'read') ? 'operator' : 'viewer';
  for (const id of connections) gate(parts.directory, request, id, minimum);
  const all = EMBED_ACTIONS.filter((action) => action === 'read' || actions.includes(action));
  return { connections, operations, actions: all, origins };
}

export async function mint(parts: EmbedParts, request: Request, h: ResponseToolkit) {
  const { config, knex, audit, clock } = parts;
  const caller = callerOf(request);
  const maker = makerOf(parts, caller);
  await parts.limit(maker.id);
  const scope = scopeFor(parts, request);
  const { ttlSeconds } = request.payload as Wanted;
  const id = uuid();
  const createdAtMs = clock();
  const issuedAt = Math.floor(createdAtMs / 1000);
  const expiresAt = Math.min(issuedAt + ttlSeconds, Math.floor(caller.expiresAt / 1000));
  const kept = await insertEmbedToken(knex, { id, maker, scope, createdAtMs, expiresAtMs: expiresAt * 1000 });
  if (!kept) throw problem('AUTH_INVALID_TOKEN');
  const ends = new Date(expiresAt * 1000).toISOString();
  const detail = { ...scope, expiresAt: ends };
  await audit.write({ request, action: 'embed_token.create', target: `embed_token:${id}`, outcome: 'ok', detail });
  const { maxRole } = caller;
  const token = mintEmbedToken(config.jwtSecret, { id, maker, maxRole, scope, issuedAt, expiresAt });
  return h.response({ token, id, expiresAt: ends }).code(201).header('cache-control', 'no-store');
}
