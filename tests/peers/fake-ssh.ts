/** An SSH server whose sign-in is scripted, for what no stock OpenSSH says. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type ServerChannel } from 'ssh2';
import type { KeyPair } from './ssh-keys.js';
import { generateKey } from './ssh-keys.js';

export interface FakeSsh {
  port: number;
  hostKey: KeyPair;
  stop(): Promise<void>;
}

/** `authenticate` answers each request of a client, of which the first is the method `none`; `run` is each command. */
export async function startFakeSsh(
  authenticate: (request: AuthContext) => void,
  run: (channel: ServerChannel) => void = (channel) => channel.close(),
): Promise<FakeSsh> {
  const hostKey = await generateKey({ type: 'ed25519' });
  const clients = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
    clients.add(client);
    client.on('authentication', authenticate);
    client.on('session', (accept) => accept().on('exec', (acceptExec) => run(acceptExec())));
    client.on('error', () => client.end());
    client.on('close', () => clients.delete(client));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hostKey,
    async stop() {
      for (const client of clients) client.end();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
