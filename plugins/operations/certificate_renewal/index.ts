/** certificate_renewal: one chain from the plan to the served certificate, which goes on where it was cut. */
import type { Plugin } from '@hapi/hapi';
import Joi from 'joi';
// For the types of server.operation() and server.certificates only.
import type {} from '../../../server/certificates/plugin.js';
import type { OperationDefinition, StartContext } from '../../../server/operations/contract.js';
import type {} from '../../../server/operations/plugin.js';
import type { OpenSession } from '../../../server/ssh/opener.js';
import { openSession } from '../../../server/ssh/session.js';
import { refusals, type RefusalCode } from './codes.js';
import type { Params } from './context.js';
import { pacing, type Pacing } from './pacing.js';
import { runWith } from './run.js';

interface Options {
  openSession: OpenSession;
  pacing: Pacing;
}

const defaults: Options = { openSession, pacing };

const milliseconds = Joi.number().integer().min(1);

const schema = Joi.object<Options>({
  openSession: Joi.function().required().description('Opens a verified, authenticated session.'),
  pacing: Joi.object(Object.fromEntries(Object.keys(pacing).map((key) => [key, milliseconds.required()])))
    .required()
    .description('How long the chain waits for what.'),
});

/** What everything but the restart usually takes. */
const USUAL_MS = 45_000;

function refuse(start: StartContext<Params>, code: RefusalCode, message: string): never {
  return start.fail(code, message, { hint: refusals[code].hint });
}

function prepare(start: StartContext<Params>): Params {
  const { connection, platform, params } = start;
  if (!platform.certificate || !platform.installCertificate)
    refuse(start, 'CERTIFICATE_UNSUPPORTED', `No certificate can be installed on ${platform.title}.`);
  if (!connection.certificate)
    refuse(start, 'CERTIFICATE_NOT_CONFIGURED', `${connection.name} does not say which certificate is wanted.`);
  return { preflight: params.preflight ?? false };
}

const definition: Omit<OperationDefinition<Params>, 'run'> = {
  type: 'certificate_renewal',
  title: 'Certificate renewal',
  description: 'Orders a certificate, installs it, restarts what serves it, and proves that every endpoint shows it.',
  labels: { idle: 'Renew Certificate', busy: 'Processing Renewal', done: 'Renewed' },
  display: 'steps',
  confirm: null,
  cancellable: true,
  resumable: true,
  steps: [
    { key: 'plan', title: 'Plan', weight: 3, timeoutMs: 120_000 },
    { key: 'account', title: 'CA account', weight: 2, timeoutMs: 180_000 },
    { key: 'order', title: 'Order', weight: 3, timeoutMs: 180_000 },
    { key: 'challenge', title: 'Place challenges', weight: 4, timeoutMs: 300_000 },
    // A person may have to set the record.
    { key: 'propagation', title: 'See them everywhere', weight: 10 },
    { key: 'validate', title: 'Validate names', weight: 8, timeoutMs: 600_000 },
    // Where Tomcat is down, the appliance is waited for.
    { key: 'csr', title: 'Key and request', weight: 4, timeoutMs: 1_200_000 },
    { key: 'finalize', title: 'Issue', weight: 6, timeoutMs: 600_000, cancellable: false },
    { key: 'store', title: 'Store the chain', weight: 2, timeoutMs: 180_000, cancellable: false },
    { key: 'install', title: 'Install', weight: 14, timeoutMs: 2_400_000, cancellable: false },
    // The restart has limits of its own.
    { key: 'restart', title: 'Restart', weight: 36, paced: true, cancellable: false },
    { key: 'served', title: 'See it served', weight: 8, timeoutMs: 600_000, cancellable: false },
  ],
  params: Joi.object<Params>({
    preflight: Joi.boolean().description(
      'Only checks login, CA account, DNS and rights; orders and installs nothing. Default: false.',
    ),
  }),
  estimatedDurationMs: USUAL_MS,
  // Beyond the hours that a person has for a record, and two restarts with their own deadlines.
  timeoutMs: 24 * 60 * 60_000,
  alias: { path: 'issue-cert', message: 'Certificate renewal initiated', idField: 'renewalId' },
  prepare,
  estimateMs: ({ platform, params }) =>
    USUAL_MS + (platform.certificate?.restartService && !params.preflight ? (platform.restartDurationMs ?? 0) : 0),
};

export const plugin: Plugin<Partial<Options> | void> = {
  name: 'signalbox-operation-certificate-renewal',
  register(server, options) {
    const { value, error } = schema.validate({ ...defaults, ...options });
    if (error) throw new Error(`Invalid certificate_renewal configuration: ${error.message}`);
    // Asked for when it runs: the desk may be registered later than this.
    server.operation({ ...definition, run: runWith({ ...value, desk: () => server.certificates }) });
  },
};
