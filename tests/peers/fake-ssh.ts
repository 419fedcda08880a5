/** An SSH server whose answers are scripted, for what no stock OpenSSH says. */
import type { Socket } from 'node:net';
import ssh2, { type AuthContext, type ServerChannel } from 'ssh2';
import { generateKey, type KeyPair } from './ssh-keys.js';
import { startTcp } from './tcp-server.js';

export interface FakeSsh {
  port: number;
  hostKey: KeyPair;
  stop(): Promise<void>;
}

/** Answers one command: `accept` says that it runs; the socket is what all of it is written to. */
export type Command = (accept: () => ServerChannel, socket: Socket) => void;

/** `authenticate` answers each request of a client, of which the first is the method `none`. */
export async function startFakeSsh(
  authenticate: (request: AuthContext) => void,
  run: Command = (accept) => accept().close(),
): Promise<FakeSsh> {
  const hostKey = await generateKey({ type: 'ed25519' });
  const serve = (socket: Socket) => {
    const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
      client.on('authentication', authenticate);
      client.on('session', (accept) => accept().on('exec', (acceptExec) => run(acceptExec, socket)));
      client.on('error', () => client.end());
    });
    server.injectSocket(socket);
  };
  const { port, stop } = await startTcp(serve);
  return { port, hostKey, stop };
}
