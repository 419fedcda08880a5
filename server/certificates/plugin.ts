/** The certificates of connections as a Hapi plugin: `server.certificates`, the routes, the answer to http-01. */
import type { Plugin, Server } from '@hapi/hapi';
import type { Knex } from 'knex';
import type { OperationRow } from '../operations/row.js';
import type { Access, Caller } from '../access/contract.js';
import type { Audit } from '../audit/contract.js';
import type { Platforms } from '../connections/row.js';
import { targetOf } from '../connections/store.js';
import type { CertificateDesk, PlannedRenewal } from './contract.js';
import { makeDesk, type DeskParts } from './desk.js';
import { certificateOverview, type OverviewParts } from './overview.js';
import { responderRoute } from './responder.js';
import { certificateRoutes } from './routes.js';
import type { Look } from './seen.js';
import { sweepChallenges, type SweepFailure } from './sweep.js';
import { certificateView } from './view.js';
import { lookAtAll } from './watch.js';

declare module '@hapi/hapi' {
  interface Server {
    /** What certificate_renewal works with. */
    certificates: CertificateDesk;
  }
  interface PluginProperties {
    'signalbox-certificates': {
      /** What the schedule `certificate_look` runs. */
      lookAtAll(connectionId: number, signal: AbortSignal): Promise<Look[]>;
      /** To be called every few minutes, on any node; answers with how many challenges were taken away. */
      sweep(signal: AbortSignal): Promise<number>;
    };
  }
}

export interface CertificatesOptions extends DeskParts {
  access: Access;
  audit: Audit;
  platforms: Platforms;
  /** When the next renewal comes; null where none is wanted. */
  planned(connectionId: number): Promise<PlannedRenewal | null>;
  /** The same of many at once, out of what is known of each. */
  plannedOf: OverviewParts['plannedOf'];
}

function logFailure(server: Server, { challenge, again, error }: SweepFailure): void {
  const { connectionId, kind, name } = challenge;
  server.log(['warn', 'challenges', 'left'], { err: error, connectionId, kind, name, again });
}

async function activeRenewal(knex: Knex, connectionId: number): Promise<string | null> {
  const row = await knex<OperationRow>('active_operations')
    .where({ connection_id: connectionId, operation_type: 'certificate_renewal' })
    .whereIn('status', ['pending', 'in_progress'])
    .first('id');
  return row?.id ?? null;
}

export const certificates: Plugin<CertificatesOptions> = {
  name: 'signalbox-certificates',
  register(server, options) {
    const { knex, access, audit, platforms, planned, plannedOf } = options;
    const desk = makeDesk(options);
    const ports = (name: string) => platforms.get(name)?.certificate?.ports ?? [];
    const target = (connectionId: number) => targetOf(knex, platforms, connectionId);
    const look = (connectionId: number, signal: AbortSignal) =>
      lookAtAll({ knex, desk, target, ports }, connectionId, signal);
    server.decorate('server', 'certificates', desk);
    server.expose('lookAtAll', look);
    server.expose('sweep', (signal: AbortSignal) =>
      sweepChallenges({
        ...{ knex, desk, signal },
        failed: (failure) => logFailure(server, failure),
        log: (text) => server.log(['challenges'], text),
      }),
    );
    const view = (connectionId: number) => certificateView({ knex, target, planned, ports }, connectionId);
    const overview = (caller: Caller) => certificateOverview({ knex, access, platforms, ports, plannedOf }, caller);
    const renewing = (id: number) => activeRenewal(knex, id);
    server.route([
      responderRoute(knex),
      ...certificateRoutes({ access, audit, desk, view, overview, lookAtAll: look, renewing }),
    ]);
  },
};
