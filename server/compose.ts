/** Puts the house together: the database, the rights, the doors, the engine, the plugins. Nothing ticks before `start`. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { server as hapiServer, type Plugin, type Server, type ServerOptions } from '@hapi/hapi';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { migrate, openDatabase } from '../db/knexfile.js';
import { Directory } from './access/directory.js';
import { grants } from './access/grants.js';
import { refresh } from './access/refresh.js';
import { makeAudit } from './audit/audit.js';
import { audit as auditRoutes } from './audit/plugin.js';
import { ensureFirstAdmin } from './auth/first-admin.js';
import { auth } from './auth/plugin.js';
import { furnishCertificates } from './certificate-wing.js';
import { embedTokens } from './embed/plugin.js';
import type { Config } from './settings/config.js';
import { connections } from './connections/plugin.js';
import { consolePages } from './console/plugin.js';
import { documents } from './documents/plugin.js';
import { makeCounters } from './watching/counters.js';
import { addressFrom, forwarded } from './access/forwarded.js';
import { health } from './watching/health.js';
import { Vault } from './keys/vault.js';
import { makeStartLimiter } from './operations/routes/start-limiter.js';
import { logging, makeLogger } from './watching/log.js';
import { metrics } from './watching/metrics.js';
import { operations } from './operations/plugin.js';
import { PlatformRegistry, platforms } from './platforms/registry.js';
import { loadPlugins, type PluginOptions } from './plugin-loader.js';
import { problems } from './problems/problems.js';
import { realtime } from './realtime/plugin.js';
import { switches as switchRoutes } from './switches/plugin.js';
import { liveConfig, Switches } from './switches/switches.js';
import { makeWorld } from './world.js';

/** How long running operations may take to end when the server stops. */
const GRACE_MS = 20_000;
const PAYLOAD_BYTES = 64 * 1024;
// The build's own place; from the sources it is the same directory, made by the build.
const WEB_DIR = join(
  fileURLToPath(import.meta.url),
  '..',
  '..',
  fileURLToPath(import.meta.url).endsWith('.ts') ? 'dist/web' : 'web',
);

export interface House {
  server: Server;
  knex: Knex;
  logger: Logger;
  /** The first admin's password where one was made; to be shown once. */
  adminPassword: string | null;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ComposeOptions {
  logger?: Logger;
  webDir?: string;
  graceMs?: number;
  /** Other waits and limits than the plugins' own. */
  pluginOptions?: PluginOptions;
}

function serverOptions(config: Config): ServerOptions {
  const origins = [...new Set([...(config.publicUrl ? [config.publicUrl] : []), ...config.allowedOrigins])];
  return {
    host: config.host,
    port: config.port,
    // Errors are logged by us, as JSON and without secrets.
    debug: false,
    routes: {
      payload: { maxBytes: PAYLOAD_BYTES, timeout: 10_000 },
      security: { hsts: false, xframe: 'deny', noSniff: true, noOpen: false, xss: false, referrer: 'no-referrer' },
      validate: {
        options: { abortEarly: false },
        failAction: (_request, _h, error) => {
          throw error ?? new Error('validation failed');
        },
      },
      cors:
        origins.length === 0
          ? false
          : {
              origin: origins,
              additionalHeaders: ['Idempotency-Key'],
              additionalExposedHeaders: ['Location', 'Retry-After', 'ETag'],
              credentials: false,
            },
    },
  };
}

export async function compose(config: Config, options: ComposeOptions = {}): Promise<House> {
  const logger = options.logger ?? makeLogger(config.logLevel);
  const knex = openDatabase(config);
  try {
    await migrate(knex);
    return await furnish(config, options, knex, logger);
  } catch (error) {
    await knex.destroy();
    throw error;
  }
}

async function furnish(config: Config, options: ComposeOptions, knex: Knex, logger: Logger): Promise<House> {
  const server = hapiServer(serverOptions(config));
  const directory = await Directory.load(knex);
  const adminPassword = await ensureFirstAdmin({ knex, directory, adminPassword: config.adminPassword });
  const switches = await Switches.load(knex, config);
  const counters = makeCounters();
  const audit = makeAudit(knex);
  const vault = new Vault(config.secretKeys);
  const registry = new PlatformRegistry();
  const addressOf = addressFrom(config.trustedProxies);
  const state = { draining: false };

  const add = <T>(plugin: Plugin<T>, itsOptions: T) => server.register({ plugin, options: itsOptions });
  await add(logging, { logger });
  await add(forwarded, { addressOf });
  await server.register(problems);
  await add(auth, { config, knex, directory, audit, counters });
  if (config.databaseUrl) await add(refresh, { sources: [directory, switches], connection: config.databaseUrl });
  await add(grants, { knex, directory, audit });
  await add(auditRoutes, { knex, access: directory });
  await add(switchRoutes, { switches, access: directory, audit });
  await add(platforms, { registry });
  // Mended by a chore where it fails: nobody's change is refused for it.
  const changed = (id: number) =>
    server.plugins['signalbox-schedules']
      .sync(id)
      .catch((error: unknown) =>
        logger.error({ err: error, connectionId: id }, 'the schedules of a connection could not be brought up to date'),
      );
  await add(connections, { knex, vault, access: directory, audit, platforms: registry, changed });
  await add(health, { knex, draining: () => state.draining });
  await add(metrics, { access: directory, counters });
  await add(consolePages, { webDir: options.webDir ?? WEB_DIR });
  await add(realtime, { access: directory, counters, config: liveConfig(config, switches), addressOf });
  await add(operations, {
    knex,
    world: makeWorld(knex, vault, registry),
    log: logger,
    leaseSeconds: config.leaseSeconds,
    concurrency: config.operationsConcurrency,
    retentionDays: config.retentionDays,
    access: directory,
    audit,
    counters,
    startLimiter: makeStartLimiter(config.startLimit, counters),
    graceMs: options.graceMs ?? GRACE_MS,
  });
  const { types } = server.plugins['signalbox-operations'].engine;
  await add(embedTokens, { config, knex, directory, audit, knowsType: (type) => types.get(type) !== undefined });
  await furnishCertificates(server, { config, knex, vault, access: directory, audit, platforms: registry, logger });
  await add(documents, { config });
  await loadPlugins(server, config.plugins, options.pluginOptions);

  return {
    server,
    knex,
    logger,
    adminPassword,
    start: () => server.start(),
    async stop() {
      state.draining = true;
      await server.stop({ timeout: 5_000 });
      await knex.destroy();
    },
  };
}
