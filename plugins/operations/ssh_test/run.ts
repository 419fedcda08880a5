/** One run: every phase of the session is a step; the last step is the platform's own proof. */
import type { JsonObject, OperationContext } from '../../../server/operations/contract.js';
import type { Platform, Readiness } from '../../../server/platforms/contract.js';
import type { PhaseRunner, SshOptions, SshSession } from '../../../server/ssh/contract.js';
import { SshError } from '../../../server/ssh/errors.js';
import { within } from '../../../server/ssh/phase.js';

export type OpenSession = (options: SshOptions) => Promise<SshSession>;
type SshTest = NonNullable<Platform['sshTest']>;

function phases(context: OperationContext): PhaseRunner {
  const { hostname, port, username } = context.connection;
  const messages = {
    resolve: `Resolving ${hostname}`,
    tcp: `Connecting to ${hostname} port ${port}`,
    host_key: 'Waiting for the host key',
    key_exchange: 'Exchanging keys',
    authenticate: `Authenticating as ${username}`,
  };
  return (phase, work) =>
    context.step(phase, ({ signal }) => {
      context.message(messages[phase]);
      return work(signal);
    });
}

async function open(context: OperationContext, openSession: OpenSession): Promise<SshSession> {
  return openSession({
    target: context.connection,
    credentials: await context.credentials(),
    signal: context.signal,
    phase: phases(context),
    pin: (key) => context.pinHostKey(key),
    note: (line) => context.log(line, 'note'),
  });
}

function prove(context: OperationContext, sshTest: SshTest, session: SshSession): Promise<Readiness> {
  return context.step('ready', ({ signal }) => {
    context.message('Waiting until the host takes a command');
    const log: OperationContext['log'] = (text, stream) => context.log(text, stream);
    return within('ready', signal, () => sshTest(session, { signal, log }));
  });
}

function report(session: SshSession, readiness: Readiness): JsonObject {
  const { address, identification, banner, algorithms, hostKey, authMethod } = session;
  return {
    address,
    identification,
    /** What the host calls its SSH server: the identification without protocol version and comment. */
    software: /^SSH-[\d.]+-(\S+)/u.exec(identification)?.[1] ?? null,
    banner,
    algorithms: { ...algorithms },
    hostKey: { ...hostKey },
    authMethod,
    how: readiness.how,
    system: readiness.system,
  };
}

export function runWith(openSession: OpenSession) {
  return async (context: OperationContext): Promise<JsonObject> => {
    const { sshTest } = context.platform;
    if (!sshTest) throw new SshError('SSH_TEST_UNSUPPORTED');
    const session = await open(context, openSession);
    try {
      return report(session, await prove(context, sshTest, session));
    } finally {
      session.close();
    }
  };
}
