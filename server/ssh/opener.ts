/** Sessions for a restart: each phase of the way bounded, each line of it in the log. */
import type { OperationContext } from '../../../server/operations/contract.js';
import type { PhaseRunner, SshOptions, SshPhase, SshSession } from '../../../server/ssh/contract.js';
import type { Params } from './service.js';
import type { State } from './sending.js';

export type OpenSession = (options: SshOptions) => Promise<SshSession>;

const limitsMs: Record<SshPhase, number> = {
  resolve: 10_000,
  tcp: 15_000,
  host_key: 20_000,
  key_exchange: 20_000,
  authenticate: 20_000,
};

const bounded: PhaseRunner = (phase, work) => work(AbortSignal.timeout(limitsMs[phase]));

/** Opens one session after the other with the connection's credentials, which are unsealed once. */
export function opener(context: OperationContext<Params, State>, openSession: OpenSession) {
  let credentials: ReturnType<typeof context.credentials> | null = null;
  return async (signal: AbortSignal): Promise<SshSession> => {
    credentials ??= context.credentials();
    return openSession({
      target: context.connection,
      credentials: await credentials,
      signal,
      phase: bounded,
      pin: (key) => context.pinHostKey(key),
      note: (line) => context.log(line, 'note'),
    });
  };
}
