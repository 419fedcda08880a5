/** service_restart: restarts one service on a connection, never sends it twice, and ends as completed only with proof. */
import type { Plugin } from '@hapi/hapi';
import Joi from 'joi';
import type { OperationDefinition } from '../../../server/operations/contract.js';
// For the type of server.operation() only.
import type {} from '../../../server/operations/plugin.js';
import { openSession } from '../../../server/ssh/session.js';
import type { OpenSession } from '../../../server/ssh/opener.js';
import { runWith } from './run.js';
import { chosenService, type Params } from './service.js';
import type { State } from './sending.js';

interface Options {
  /** Opens the sessions; another one in tests. */
  openSession: OpenSession;
}

const defaults: Options = { openSession };

const schema = Joi.object<Options>({
  openSession: Joi.function().required().description('Opens a verified, authenticated session.'),
});

/** Only where a platform says nothing better of itself. */
const USUAL_MS = 60_000;

const definition: Omit<OperationDefinition<Params, State>, 'run'> = {
  type: 'service_restart',
  title: 'Service restart',
  description: 'Restarts a service on the connection, follows it through every state, and proves that it runs again.',
  labels: { idle: 'Restart Service', busy: 'Restarting…', done: 'Restarted' },
  display: 'bar',
  confirm: null,
  cancellable: true,
  resumable: true,
  steps: [
    { key: 'connect', title: 'Connect', weight: 4, timeoutMs: 150_000, paced: true },
    { key: 'check', title: 'Look before', weight: 2, timeoutMs: 150_000 },
    { key: 'stopping', title: 'Stopping', weight: 18, paced: true, cancellable: false },
    { key: 'starting', title: 'Starting', weight: 66, paced: true, cancellable: false },
    { key: 'prove', title: 'Prove', weight: 10, paced: true, cancellable: false },
  ],
  params: Joi.object<Params>({
    service: Joi.string()
      .max(128)
      .description('Which service; by default the platform’s own, else the first one of the connection’s list.'),
  }),
  estimatedDurationMs: USUAL_MS,
  // The platform's own deadline, at most two hours after the command, ends it before this does.
  timeoutMs: 7_800_000,
  alias: { path: 'restart-service', message: 'Service restart initiated' },
  prepare: (start) => ({ service: chosenService(start) }),
  estimateMs: ({ platform }) => platform.restartDurationMs ?? USUAL_MS,
};

export const plugin: Plugin<Partial<Options> | void> = {
  name: 'signalbox-operation-service-restart',
  register(server, options) {
    const { value, error } = schema.validate({ ...defaults, ...options });
    if (error) throw new Error(`Invalid service_restart configuration: ${error.message}`);
    server.operation({ ...definition, run: runWith(value.openSession) });
  },
};
