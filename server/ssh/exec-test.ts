/** Proves that an account can run a single command. */
import type { PlatformRun, Readiness } from '../platforms/contract.js';
import type { SshSession } from './contract.js';
import { plainLine } from './text.js';

/** Harmless everywhere, and a shell that lacks it proves as much by saying so. */
const COMMAND = 'uname -srm';
const MAX_BYTES = 4096;

/** The exit code only decides whether the output is the machine's name; the output itself is never interpreted. */
export async function execTest(session: SshSession, run: PlatformRun): Promise<Readiness> {
  run.log(COMMAND, 'in');
  const { code, stdout } = await session.exec(COMMAND, { signal: run.signal, maxBytes: MAX_BYTES });
  const system = code === 0 ? plainLine(stdout) || null : null;
  if (system) run.log(system, 'out');
  else run.log(`The command ended with ${code ?? 'a signal'} and named no system.`, 'note');
  return { how: 'exec', system };
}
