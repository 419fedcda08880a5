/** A process of its own whose name server never answers: tries to open a session and prints the code that it ends with. */
import { openSession } from '../../server/ssh/session.js';
import { sshOptions } from './ssh-target.js';

const RESOLVE_MS = 300;

const timeout = new DOMException('The time limit has passed.', 'TimeoutError');
const options = sshOptions(
  { hostname: 'silent.signalbox.test' },
  {
    credentials: { password: 'never-sent', privateKey: null, passphrase: null },
    phase: (name, work) => {
      const controller = new AbortController();
      if (name === 'resolve') setTimeout(() => controller.abort(timeout), RESOLVE_MS);
      return work(controller.signal);
    },
  },
);
const code = await openSession(options).then(
  () => 'opened',
  (error: { code?: string }) => error.code ?? String(error),
);
process.stdout.write(`${code}\n`, () => process.exit());
