/**
 * The doors: one @hapi/jwt strategy for our own tokens, one for those of widgets and one for each portal, each with its own keys, algorithms,
 * issuer and audience; and in front of them the strategy `token`, which every route and every socket uses.
 */
import type { Request, Server, ServerAuthScheme } from '@hapi/hapi';
import Jwt from '@hapi/jwt';
import type { HapiJwt } from '@hapi/jwt';
import type { Caller } from '../access/contract.js';
import type { Directory } from '../access/directory.js';
import type { Config } from '../settings/config.js';
import { checkScope } from '../embed/scope-check.js';
import { EMBED_ISSUER, embedCaller } from '../embed/tokens.js';
import type { Counters } from '../watching/counters.js';
import { bearerText, readToken } from './bearer.js';
import type { Claims } from './claims.js';
import type { JwksTimes } from './jwks.js';
import { assertPortals, portalCaller, portalKeys } from './portals.js';
import { reasonOf, refusalProblem, TokenRefusal } from './refusals.js';
import { Remembered } from './remembered.js';
import { OURS, ownCaller } from './tokens.js';

/** The name of the strategy that routes and sockets use. */
export const FRONT = 'token';

export interface DoorOptions {
  config: Pick<Config, 'jwtSecret' | 'jwtIssuers'>;
  directory: Directory;
  counters: Counters;
  clock: () => number;
  jwks: Partial<JwksTimes>;
}

interface Pins {
  issuer: string;
  audience: string;
  keys: HapiJwt.Options['keys'];
  callerOf(claims: Claims, token: string): Caller;
}

/** What a strategy is held to. The times are ours to check (claims.ts): @hapi/jwt takes tokens that never end. */
function jwtOptions({ issuer, audience, keys, callerOf }: Pins): HapiJwt.Options {
  return {
    keys,
    verify: { iss: issuer, aud: audience, sub: false, exp: false, nbf: false },
    validate: async ({ decoded, token }) => ({
      isValid: true,
      credentials: { caller: callerOf(decoded.payload as Claims, token) },
    }),
  };
}

/** Registers a strategy for each issuer; answers with their names by issuer. */
function addStrategies(server: Server, { config, directory, clock, jwks }: DoorOptions): Map<string, string> {
  assertPortals(config.jwtIssuers);
  const names = new Map<string, string>();
  const add = (name: string, pins: Pins) => {
    server.auth.strategy(name, 'jwt', jwtOptions(pins));
    names.set(pins.issuer, name);
  };
  add(OURS, {
    issuer: OURS,
    audience: OURS,
    keys: { key: config.jwtSecret, algorithms: ['HS256'] },
    callerOf: (claims) => ownCaller(claims, clock()),
  });
  add(EMBED_ISSUER, {
    issuer: EMBED_ISSUER,
    audience: EMBED_ISSUER,
    keys: { key: config.jwtSecret, algorithms: ['HS256'] },
    callerOf: (claims) => embedCaller(claims, clock()),
  });
  for (const portal of config.jwtIssuers)
    add(`portal:${portal.name}`, {
      issuer: portal.issuer,
      audience: portal.audience,
      keys: portalKeys(portal, jwks),
      callerOf: (claims, token) =>
        portalCaller(portal, claims, token, clock(), (username) => directory.userByName(username)),
    });
  return names;
}

/** Answers with the live caller of a request's token, or throws. */
function recogniser(server: Server, options: DoorOptions): (request: Request) => Promise<Caller> {
  const { directory, clock } = options;
  const strategies = addStrategies(server, options);
  const remembered = new Remembered(clock);
  return async (request) => {
    const text = bearerText(request.headers.authorization);
    // A text that was verified once is the same token: it is not read again.
    const known = remembered.get(text);
    const caller = known ?? (await verified(server, strategies, readToken(text).payload['iss'], request));
    if (directory.roleOf(caller) === null) {
      remembered.drop(text);
      throw new TokenRefusal(caller.expiresAt <= clock() ? 'expired' : 'revoked');
    }
    if (!known) remembered.put(text, caller);
    return caller;
  };
}

/** The claimed issuer only chooses the strategy; its key decides whether the claim is true. */
async function verified(server: Server, strategies: Map<string, string>, issuer: unknown, request: Request) {
  const strategy = typeof issuer === 'string' ? strategies.get(issuer) : undefined;
  if (strategy === undefined) throw new TokenRefusal('issuer');
  const { credentials } = await server.auth.test(strategy, request);
  if (!credentials.caller) throw new TokenRefusal('failed');
  return credentials.caller;
}

function frontScheme(recognise: (request: Request) => Promise<Caller>, options: DoorOptions): ServerAuthScheme {
  const { directory, counters } = options;
  const callerOf = async (request: Request): Promise<Caller> => {
    try {
      return await recognise(request);
    } catch (error) {
      // Whatever a token makes the verifier throw is the token's fault: 401, never 500.
      const reason = reasonOf(error);
      if (reason !== 'missing') counters.refusedTokens.inc({ reason });
      if (reason === 'failed') request.log(['error', 'auth'], { err: error });
      throw refusalProblem(reason, error);
    }
  };
  return () => ({
    async authenticate(request, h) {
      const caller = await callerOf(request);
      checkScope(request, caller);
      return h.authenticated({ credentials: { caller } });
    },
    /** nes asks this of a socket that lives on. */
    async verify({ credentials }) {
      if (!credentials.caller || directory.roleOf(credentials.caller) === null) throw refusalProblem('revoked', null);
    },
  });
}

/** Registers @hapi/jwt and all strategies; `token` is the default of every route. */
export async function openDoors(server: Server, options: DoorOptions): Promise<void> {
  await server.register(Jwt.plugin);
  const recognise = recogniser(server, options);
  server.auth.scheme('signalbox-front', frontScheme(recognise, options));
  server.auth.strategy(FRONT, 'signalbox-front');
  server.auth.default(FRONT);
}
