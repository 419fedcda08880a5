/** Tokens for widgets: POST, GET /auth/embed-tokens and DELETE /auth/embed-tokens/{tokenId}. */
import type { Plugin, Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { callerOf } from '../access/gate.js';
import { smallJson } from '../access/schemas.js';
import { problem } from '../problems/problems.js';
import type { EmbedToken } from './contract.js';
import { makeMintLimiter } from './mint-limiter.js';
import { makerOf, mint } from './minting.js';
import type { EmbedParts } from './parts.js';
import { wanted } from './schema.js';
import { listEmbedTokens, revokeEmbedToken } from './store.js';

/** A portal of some thousand users, each of whom needs a new one every eight minutes. */
const MINTS_A_MINUTE = 600;
const LONGEST_LIST = 1000;

export interface EmbedOptions extends Pick<EmbedParts, 'config' | 'knex' | 'directory' | 'audit' | 'knowsType'> {
  /** ms since the epoch; give the directory the same. */
  clock?: () => number;
  /** For each maker; 0: no limit. */
  mintsPerMinute?: number;
}

async function living(parts: EmbedParts, request: Request): Promise<{ tokens: EmbedToken[] }> {
  const maker = makerOf(parts, callerOf(request));
  return { tokens: await listEmbedTokens(parts.knex, maker, parts.clock(), LONGEST_LIST) };
}

async function revoke(parts: EmbedParts, request: Request, h: ResponseToolkit) {
  const { knex, directory, audit, clock } = parts;
  const { tokenId: id } = request.params as { tokenId: string };
  const caller = callerOf(request);
  const maker = makerOf(parts, caller);
  const whose = directory.roleOf(caller) === 'admin' ? null : maker.id;
  const expiresAtMs = await revokeEmbedToken(knex, id, whose, clock());
  if (expiresAtMs === null) throw problem('NOT_FOUND');
  directory.revokeToken(id, expiresAtMs);
  await audit.write({ request, action: 'embed_token.revoke', target: `embed_token:${id}`, outcome: 'ok' });
  return h.response().code(204);
}

const query = Joi.object({});
const params = Joi.object({ tokenId: Joi.string().guid().required().description('The id that came with the token.') });

function routes(parts: EmbedParts): ServerRoute[] {
  const path = '/auth/embed-tokens';
  const tags = ['api'];
  return [
    {
      method: 'POST',
      path,
      handler: (request, h) => mint(parts, request, h),
      options: {
        description: 'Makes a short-lived token for widgets, which may do no more than you may.',
        tags,
        payload: smallJson,
        validate: { query, payload: wanted },
      },
    },
    {
      method: 'GET',
      path,
      handler: (request) => living(parts, request),
      options: { description: 'Lists your living tokens for widgets, newest first.', tags, validate: { query } },
    },
    {
      method: 'DELETE',
      path: `${path}/{tokenId}`,
      handler: (request, h) => revoke(parts, request, h),
      options: {
        description: 'Ends a token for widgets: your own, or as an admin anybody’s.',
        tags,
        validate: { query, params },
      },
    },
  ];
}

export const embedTokens: Plugin<EmbedOptions> = {
  name: 'signalbox-embed',
  register(server, { clock = Date.now, mintsPerMinute = MINTS_A_MINUTE, ...given }) {
    server.route(routes({ ...given, clock, limit: makeMintLimiter(mintsPerMinute) }));
  },
};
