/** A portal of examples/ as its README says to run it: a process of its own, in front of a running Signalbox. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ADMIN_PASSWORD, signIn } from './house.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const PORTAL_PASSWORD = 'the-password-of-portal';

export interface Portal {
  url: string;
  stop(): Promise<void>;
}

/** What the README asks an admin to do once: an account for the portal, granted on these connections. */
export async function makePortalAccount(signalbox: string, connections: number[]): Promise<void> {
  const admin = await signIn(signalbox, 'admin', ADMIN_PASSWORD);
  const body = { username: 'portal', password: PORTAL_PASSWORD, role: 'operator' };
  const made = await admin.call('POST', '/users', body);
  if (made.status !== 201) throw new Error(`the portal's account: ${made.status} ${made.text}`);
  for (const id of connections) {
    const granted = await admin.call('PUT', `/connections/${id}/grants/portal`, { role: 'operator' });
    if (granted.status >= 300) throw new Error(`the grant: ${granted.status} ${granted.text}`);
  }
}

/** Starts it on `port`; resolves when it takes requests. */
export async function startPortal(
  name: string,
  { signalbox, port, env = {} }: { signalbox: string; port: number; env?: Record<string, string> },
): Promise<Portal> {
  const child = spawn(process.execPath, ['server.js'], {
    cwd: `${EXAMPLES}${name}`,
    env: { PATH: '', PORT: String(port), SIGNALBOX_URL: signalbox, SIGNALBOX_PASSWORD: PORTAL_PASSWORD, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    const hear = (text: Buffer) => {
      said += String(text);
      if (said.includes('The portal is at')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`the portal ended:\n${said}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
