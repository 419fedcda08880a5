/**
 * A port whose machine answers nothing: its process is stopped and its queue of waiting connections is full, so the kernel drops
 * what else comes. What a connect meets behind a firewall that discards, on the loopback.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const LISTEN =
  'const s = require("net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(s.address().port))';
/** A backlog of 1 takes two connections; the rest of these stay in the air and keep the queue full. */
const FILL = 8;

export interface FullBacklog {
  port: number;
  stop(): Promise<void>;
}

export async function startFullBacklog(): Promise<FullBacklog> {
  const child = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(String(said));
  child.kill('SIGSTOP');
  const sockets: Socket[] = [];
  for (let index = 0; index < FILL; index++) sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await once(sockets[0] as Socket, 'connect');
  await once(sockets[1] as Socket, 'connect');
  return {
    port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
