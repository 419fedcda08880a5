/** One run: the platform restarts and proves; here its phases become steps and its failures codes. */
import type { JsonObject, OperationContext } from '../../../server/operations/contract.js';
import type { RestartFailure, RestartProof, RestartRun } from '../../../server/platforms/contract.js';
import { SshError } from '../../../server/ssh/errors.js';
import { failures } from './codes.js';
import { opener, type OpenSession } from '../../../server/ssh/opener.js';
import { Sending, type State } from './sending.js';
import type { Params } from './service.js';

type Context = OperationContext<Params, State>;

function fail(context: Context, code: RestartFailure, message: string, detail?: JsonObject): never {
  const { hint, retryable } = failures[code];
  if (detail) context.result({ detail });
  return context.fail(code, message, { hint, retryable });
}

function restartRun(context: Context, sending: Sending, openSession: OpenSession): RestartRun {
  return {
    connection: context.connection,
    service: context.params.service ?? '',
    signal: context.signal,
    get sent() {
      return sending.sent;
    },
    open: opener(context, openSession),
    phase: (phase, work) => context.step(phase, ({ signal }) => work(signal)),
    log: (text, stream) => context.log(text, stream),
    message: (text) => context.message(text),
    aboutToSend: (before) => sending.aboutToSend(before),
    saw: (seen) => sending.saw(seen),
    fail: (code, message, detail) => fail(context, code, message, detail),
  };
}

/** A session's failure after the command says nothing about the service: what was sent may well be under way. */
function afterSending(context: Context, sending: Sending, error: unknown): never {
  if (!sending.sent || context.signal.aborted || !(error instanceof SshError)) throw error;
  const { service = 'the service' } = context.params;
  return fail(
    context,
    'OP_OUTCOME_UNKNOWN',
    `The restart of ${service} was sent, then contact was lost: ${error.message}`,
  );
}

const ways: Record<string, string> = {
  list: 'the service list',
  tls: 'a TLS handshake',
  main_pid: 'a new main process',
  port: 'the served port',
  exit_code: 'the exit code',
  check: 'the check command',
};

/** In words, by what it was proven: `list+tls` is “the service list and a TLS handshake”. */
function waysOf({ how }: RestartProof): string {
  return how
    .split('+')
    .map((way) => ways[way] ?? way.replaceAll('_', ' '))
    .join(' and ');
}

function report(context: Context, sending: Sending, proof: RestartProof): JsonObject {
  return {
    service: context.params.service ?? null,
    sentAt: sending.sent?.at ?? null,
    state: proof.state,
    how: proof.how,
    evidence: proof.evidence,
  };
}

export function runWith(openSession: OpenSession) {
  return async (context: Context): Promise<JsonObject> => {
    const { restartService } = context.platform;
    if (!restartService) return fail(context, 'SERVICE_RESTART_FAILED', 'The platform restarts nothing any more.');
    const sending = new Sending(context);
    if (sending.sent) context.log(`The restart may have been sent at ${sending.sent.at}: looking only.`, 'note');
    const run = restartRun(context, sending, openSession);
    const proof = await restartService(run).catch((error: unknown) => afterSending(context, sending, error));
    context.message(`${context.params.service} is ${proof.state}, proven by ${waysOf(proof)}`);
    context.log(`Proven by ${waysOf(proof)}: ${context.params.service} is ${proof.state}.`, 'note');
    return report(context, sending, proof);
  };
}
