/** ssh_test: signs in to a connection for real and shows each phase of the way. */
import type { Plugin } from '@hapi/hapi';
import Joi from 'joi';
import type { OperationDefinition } from '../../../server/operations/contract.js';
// For the type of server.operation() only.
import type {} from '../../../server/operations/plugin.js';
import { openSession } from '../../../server/ssh/session.js';
import { runWith, type OpenSession } from './run.js';

interface Options {
  /** Opens the session; another one in tests. */
  openSession: OpenSession;
}

const defaults: Options = { openSession };

const schema = Joi.object<Options>({
  openSession: Joi.function().required().description('Opens the verified, authenticated session.'),
});

const definition: Omit<OperationDefinition, 'run'> = {
  type: 'ssh_test',
  title: 'SSH test',
  description: 'Signs in to the connection and shows how far it gets: network, host key, algorithms, account, shell.',
  labels: { idle: 'Test SSH', busy: 'Testing…', done: 'SSH works' },
  display: 'steps',
  confirm: null,
  cancellable: true,
  resumable: false,
  steps: [
    { key: 'resolve', title: 'Resolve', weight: 2, timeoutMs: 10_000 },
    { key: 'tcp', title: 'Connect', weight: 2, timeoutMs: 15_000 },
    { key: 'host_key', title: 'Host key', weight: 3, timeoutMs: 20_000 },
    { key: 'key_exchange', title: 'Key exchange', weight: 3, timeoutMs: 20_000 },
    { key: 'authenticate', title: 'Authenticate', weight: 4, timeoutMs: 20_000 },
    // A slow appliance needs more than a minute to its prompt, and then answers a command.
    { key: 'ready', title: 'Ready', weight: 4, timeoutMs: 150_000 },
  ],
  params: Joi.object({}),
  estimatedDurationMs: 3_000,
  timeoutMs: 240_000,
  alias: { path: 'test-connection', message: 'SSH test initiated' },
};

export const plugin: Plugin<Partial<Options> | void> = {
  name: 'signalbox-operation-ssh-test',
  register(server, options) {
    const { value, error } = schema.validate({ ...defaults, ...options });
    if (error) throw new Error(`Invalid ssh_test configuration: ${error.message}`);
    server.operation({ ...definition, run: runWith(value.openSession) });
  },
};
