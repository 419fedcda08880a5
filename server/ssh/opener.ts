/** Sessions for an operation: each phase of the way bounded, each line of it in the log, the credentials unsealed once. */
import type { OperationContext } from '../operations/contract.js';
import type { PhaseRunner, SshOptions, SshPhase, SshSession } from './contract.js';

export type OpenSession = (options: SshOptions) => Promise<SshSession>;

const limitsMs: Record<SshPhase, number> = {
  resolve: 10_000,
  tcp: 15_000,
  host_key: 20_000,
  key_exchange: 20_000,
  authenticate: 20_000,
};

const bounded: PhaseRunner = (phase, work) => work(AbortSignal.timeout(limitsMs[phase]));

type Context = Pick<OperationContext, 'connection' | 'credentials' | 'pinHostKey' | 'log'>;

/** Opens one session after the other to the operation's connection. */
export function opener(context: Context, openSession: OpenSession) {
  let credentials: ReturnType<Context['credentials']> | null = null;
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
