/** Who else may see and use a connection: the routes of its grants. */
import type { Plugin, Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Knex } from 'knex';
import type { Audit } from '../audit/contract.js';
import { problem } from '../problems/problems.js';
import type { Account, GrantRole } from './contract.js';
import type { Directory } from './directory.js';
import { ownerGate } from './gate.js';
import { listGrants, putGrant, removeGrant } from './grants-store.js';
import { connectionId, grantRole, smallJson, username } from './schemas.js';
import { Turns } from './turns.js';

export interface GrantsOptions {
  knex: Knex;
  directory: Directory;
  audit: Audit;
}

const ofConnection = Joi.object({ id: connectionId.required() });
const ofUser = Joi.object({ id: connectionId.required(), username: username.required() });

interface Params {
  id: number;
  username: string;
}

class Grants {
  readonly #options: GrantsOptions;
  // One after the other, so that memory hears of two changes in the order in which the table took them.
  readonly #changes = new Turns({ atOnce: 1 });

  constructor(options: GrantsOptions) {
    this.#options = options;
  }

  async list(request: Request) {
    const { id } = this.#allowed(request);
    return { grants: await listGrants(this.#options.knex, id) };
  }

  async put(request: Request) {
    const { knex, directory } = this.#options;
    const { id, username: name } = this.#allowed(request);
    const { role } = request.payload as { role: GrantRole };
    const account = this.#account(name);
    if (directory.ownerOf(id) === account.id)
      throw problem('CONFLICT', { message: 'The owner of a connection needs no grant on it.', hint: null });
    await this.#changes.run(async () => {
      if (!(await putGrant(knex, id, account.id, role))) throw problem('NOT_FOUND');
      directory.putGrant(id, account.id, role);
    });
    await this.#write(request, 'grant.put', id, { user: name, role });
    return { username: name, role };
  }

  async remove(request: Request, h: ResponseToolkit) {
    const { knex, directory } = this.#options;
    const { id, username: name } = this.#allowed(request);
    const account = this.#account(name);
    await this.#changes.run(async () => {
      const removed = await removeGrant(knex, id, account.id);
      directory.removeGrant(id, account.id);
      if (!removed) throw problem('NOT_FOUND');
    });
    await this.#write(request, 'grant.delete', id, { user: name });
    return h.response().code(204);
  }

  #allowed(request: Request): Params {
    const params = request.params as unknown as Params;
    ownerGate(this.#options.directory, request, params.id);
    return params;
  }

  #account(name: string): Account {
    const account = this.#options.directory.userByName(name);
    if (!account) throw problem('USER_NOT_FOUND');
    return account;
  }

  #write(request: Request, action: string, id: number, detail: Record<string, unknown>): Promise<void> {
    return this.#options.audit.write({ request, action, target: `connection:${id}`, outcome: 'ok', detail });
  }
}

function routesOf(grants: Grants): ServerRoute[] {
  const tags = ['api'];
  return [
    {
      method: 'GET',
      path: '/connections/{id}/grants',
      handler: (request) => grants.list(request),
      options: {
        description: 'Lists who else may see and use a connection.',
        tags,
        validate: { params: ofConnection, query: Joi.object({}) },
      },
    },
    {
      method: 'PUT',
      path: '/connections/{id}/grants/{username}',
      handler: (request) => grants.put(request),
      options: {
        description: 'Lets a user see (viewer) or use (operator) a connection.',
        tags,
        payload: smallJson,
        validate: {
          params: ofUser,
          query: Joi.object({}),
          payload: Joi.object({ role: grantRole.required() }).required(),
        },
      },
    },
    {
      method: 'DELETE',
      path: '/connections/{id}/grants/{username}',
      handler: (request, h) => grants.remove(request, h),
      options: {
        description: 'Takes a grant back.',
        tags,
        validate: { params: ofUser, query: Joi.object({}) },
      },
    },
  ];
}

/** GET, PUT and DELETE /connections/{id}/grants for the connection's owner and for admins. */
export const grants: Plugin<GrantsOptions> = {
  name: 'signalbox-grants',
  register(server, options) {
    server.route(routesOf(new Grants(options)));
  },
};
