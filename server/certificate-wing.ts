/** The rooms of certificates, put together: CAs, DNS, what is stored and served, and the schedules that renew in time. */
import { randomUUID } from 'node:crypto';
import type { Server } from '@hapi/hapi';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Access } from './access/contract.js';
import { reachAuthority } from './acme/authority.js';
import type { Audit } from './audit/contract.js';
import { authorities } from './authorities/plugin.js';
import { findAuthority } from './authorities/store.js';
import { certificates } from './certificates/plugin.js';
import { certificateStore } from './certificates/store.js';
import { certificateView } from './certificates/view.js';
import { targetOf } from './connections/store.js';
import { dnsCredentials } from './dns/credential-plugin.js';
import { DnsRegistry, dnsProviders } from './dns/registry.js';
import { makeDnsView } from './dns/view.js';
import type { Vault } from './keys/vault.js';
import type { OperationRow } from './operations/row.js';
import type { PlatformRegistry } from './platforms/registry.js';
import { certificateLook } from './schedules/certificate-look.js';
import { schedules } from './schedules/plugin.js';
import { certificateRenewal, RENEWAL, type RenewalWorld } from './schedules/renewal.js';
import type { Config } from './settings/config.js';

/** How often what was left of challenges is taken away. */
const SWEEP_EVERY_MS = 5 * 60_000;

export interface WingParts {
  config: Pick<Config, 'dnsResolvers'>;
  knex: Knex;
  vault: Vault;
  access: Access;
  audit: Audit;
  platforms: PlatformRegistry;
  logger: Logger;
}

function rooms({ plugins }: Server) {
  return { certificates: plugins['signalbox-certificates'], engine: plugins['signalbox-operations'].engine };
}

/** What the schedule of renewals asks of the house. */
function renewalWorld(server: Server, parts: WingParts): RenewalWorld {
  const { knex, vault, platforms, logger } = parts;
  const store = certificateStore(knex, vault);
  const target = (connectionId: number) => targetOf(knex, platforms, connectionId);
  const ports = (name: string) => platforms.get(name)?.certificate?.ports ?? [];
  return {
    knex,
    log: logger,
    // All of them: orders that failed must not hide the one that is served.
    facts: (connectionId) =>
      certificateView({ knex, target, ports, planned: async () => null, most: null }, connectionId),
    look: (connectionId, signal) => rooms(server).certificates.lookAtAll(connectionId, signal),
    async renewalInfo({ id, authorityId }, signal) {
      const [authority, certificate] = await Promise.all([findAuthority(knex, authorityId), store.find(id)]);
      if (!authority || !certificate?.chainPem) return null;
      const { directoryUrl: url, directoryRootsPem: rootsPem } = authority;
      return reachAuthority({ url, rootsPem }, { signal }).renewalInfo(certificate.chainPem);
    },
    async start(connectionId) {
      const { engine } = rooms(server);
      const definition = engine.types.get(RENEWAL);
      if (!definition) throw new Error(`expected a plugin that brings ${RENEWAL}, got none`);
      const request = { connectionId, definition, params: {}, createdBy: 'cron', requestedBy: null } as const;
      const { row, existing } = await engine.begin(request);
      return { operationId: row.id, existing };
    },
    async operationEnd(id) {
      const row = await knex<OperationRow>('active_operations').where({ id }).first();
      return row ? rooms(server).engine.wire(row) : null;
    },
  };
}

export async function furnishCertificates(server: Server, parts: WingParts): Promise<void> {
  const { config, knex, vault, access, audit, platforms, logger } = parts;
  const providers = new DnsRegistry();
  const view = makeDnsView({ resolvers: config.dnsResolvers });
  const world = renewalWorld(server, parts);
  const renewal = certificateRenewal(world);
  const watched = async (connectionId: number) => {
    const target = await targetOf(knex, platforms, connectionId);
    return (
      target !== null && (target.certificate !== null || platforms.get(target.platform)?.certificate !== undefined)
    );
  };
  await server.register([
    { plugin: dnsProviders, options: { registry: providers, access } },
    { plugin: authorities, options: { knex, vault, access, audit, reach: reachAuthority } },
    { plugin: dnsCredentials, options: { knex, vault, access, audit, providers, view } },
    {
      plugin: certificates,
      options: {
        ...{ knex, vault, access, audit, platforms, view, reach: reachAuthority, dns: providers },
        ...{ planned: renewal.planned, plannedOf: renewal.plannedOf },
      },
    },
    {
      plugin: schedules,
      options: {
        ...{ knex, nodeId: randomUUID(), log: logger },
        kinds: [renewal.kind, certificateLook({ watched, look: world.look })],
        chores: [
          {
            name: 'challenges_sweep',
            everyMs: SWEEP_EVERY_MS,
            run: (signal: AbortSignal) => rooms(server).certificates.sweep(signal),
          },
        ],
      },
    },
  ]);
}
