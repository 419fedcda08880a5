/** GET /healthz: the process answers. GET /readyz: it can take work. Both for anybody, so both say little. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Plugin, Request, RouteOptions } from '@hapi/hapi';
import type { Knex } from 'knex';

export interface HealthOptions {
  knex: Knex;
  /** Whether the server is about to stop. */
  draining(): boolean;
  /** How long the database may take to answer. */
  timeoutMs?: number;
}

type Check = 'ok' | 'failed';

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const over = new AbortController();
  const late = wait(timeoutMs, undefined, { signal: over.signal, ref: false }).then(
    () => Promise.reject(new Error(`The database did not answer within ${timeoutMs} ms.`)),
    // The work was first, and its outcome is the answer.
    () => work,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

/** Asks until the schema is the newest once; a running server's schema does not go back. */
function schemaCheck(knex: Knex): () => Promise<boolean> {
  let newest = false;
  return async () => {
    if (!newest) {
      const [, pending] = (await knex.migrate.list()) as [unknown[], unknown[]];
      newest = pending.length === 0;
    }
    return newest;
  };
}

export const health: Plugin<HealthOptions> = {
  name: 'signalbox-health',
  register(server, { knex, draining, timeoutMs = 2000 }) {
    const schemaIsNewest = schemaCheck(knex);
    const check = async (request: Request, work: () => Promise<boolean>): Promise<Check> => {
      try {
        return (await within(work(), timeoutMs)) ? 'ok' : 'failed';
      } catch (error) {
        request.log(['error', 'readiness'], { err: error });
        return 'failed';
      }
    };
    const open = { auth: false, tags: ['api'] } satisfies RouteOptions;
    server.route({
      method: 'GET',
      path: '/healthz',
      options: { ...open, description: 'Whether the process answers.', handler: () => ({ status: 'ok' }) },
    });
    server.route({
      method: 'GET',
      path: '/readyz',
      options: {
        ...open,
        description: 'Whether the server can take work: 200, or 503.',
        handler: async (request, h) => {
          const database = await check(request, async () => Boolean(await knex.raw('select 1')));
          const schema = database === 'ok' ? await check(request, schemaIsNewest) : database;
          const checks = { database, schema, draining: draining() };
          const ready = database === 'ok' && schema === 'ok' && !checks.draining;
          return h.response({ status: ready ? 'ready' : 'not_ready', checks }).code(ready ? 200 : 503);
        },
      },
    });
  },
};
