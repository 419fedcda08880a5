import t, { type Test } from 'tap';
import { once } from 'node:events';
import ssh2, { type PseudoTtyInfo, type ServerChannel } from 'ssh2';
import { startOpenSsh } from '../../tests/peers/openssh.js';
import { generateKey } from '../../tests/peers/ssh-keys.js';
import { sshOptions } from '../../tests/peers/ssh-target.js';
import { FaultProxy } from '../../tests/peers/tcp-faults.js';
import { startTcp } from '../../tests/peers/tcp-server.js';
import type { SshSession, SshShell } from './contract.js';
import { openSession } from './session.js';

const sshd = await startOpenSsh();
const proxy = await FaultProxy.start(sshd.port);
t.teardown(async () => {
  await proxy.stop();
  await sshd.stop();
});

async function open(t: Test, port = proxy.port, signal = new AbortController().signal): Promise<SshSession> {
  const credentials = { password: sshd.password, privateKey: null, passphrase: null };
  const session = await openSession(sshOptions({ port, username: sshd.user }, { credentials, signal }));
  t.teardown(() => session.close());
  return session;
}

/** All that was heard so far, and the moment when it contains something. */
function ear(shell: SshShell) {
  let heard = '';
  let wake: () => void = () => undefined;
  shell.onText((text) => {
    heard += text;
    wake();
  });
  return {
    text: () => heard,
    async until(part: string): Promise<void> {
      while (!heard.includes(part)) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

const still = () => new AbortController().signal;

/** A server whose shells are in the test's hands. */
async function scripted(t: Test, answer: (channel: ServerChannel, pty: PseudoTtyInfo | null) => void, refuse = false) {
  const hostKey = await generateKey({ type: 'ed25519' });
  const { port, stop } = await startTcp((socket) => {
    const server = new ssh2.Server({ hostKeys: [hostKey.privateKey] }, (client) => {
      client.on('authentication', (request) =>
        request.method === 'none' ? request.reject(['password']) : request.accept(),
      );
      client.on('session', (accept) => {
        const session = accept();
        let pty: PseudoTtyInfo | null = null;
        session.on('pty', (acceptPty, _reject, info) => {
          pty = info;
          acceptPty();
        });
        session.on('shell', (acceptShell, reject) => (refuse ? reject() : answer(acceptShell(), pty)));
      });
      client.on('error', () => client.end());
    });
    server.injectSocket(socket);
  });
  t.teardown(stop);
  return port;
}

t.test('speaks with a real shell on a terminal of 24 rows and 200 columns', async (t) => {
  const session = await open(t);
  const shell = await session.shell({ signal: still() });
  const heard = ear(shell);
  await shell.write('stty size; echo "$TERM"; echo Grüße-$((6 * 7))\n');
  await heard.until('Grüße-42');
  t.match(heard.text(), /24 200\r\n[^]*vt100\r\n/);
  await shell.write('exit\n');
  t.equal(await shell.ended, null, 'an exit is no loss');
  await t.rejects(shell.write('more'), { message: 'The shell was closed.' });
  const { code } = await session.exec('true', { signal: still() });
  t.equal(code, 0, 'the session outlives its shell');
});

t.test('asks for the size that it was told', async (t) => {
  const sizes: unknown[] = [];
  const port = await scripted(
    t,
    (_channel, pty) => void sizes.push(pty && { rows: pty.rows, cols: pty.cols, term: pty.term }),
  );
  const session = await open(t, port);
  await session.shell({ signal: still(), rows: 50, columns: 80 });
  await session.shell({ signal: still() });
  t.same(sizes, [
    { rows: 50, cols: 80, term: 'vt100' },
    { rows: 24, cols: 200, term: 'vt100' },
  ]);
});

t.test('keeps what came before the first listener, and decodes across pieces', async (t) => {
  const bytes = Buffer.from('Grüße, 主机 👋 admin:');
  const port = await scripted(t, (channel) => {
    channel.stderr.write('dropped');
    for (const byte of bytes) channel.write(Buffer.from([byte]));
    channel.end();
  });
  const session = await open(t, port);
  const shell = await session.shell({ signal: still() });
  t.equal(await shell.ended, null, 'the host closed it, and the link lives');
  const pieces: string[] = [];
  const later: string[] = [];
  shell.onText((text) => pieces.push(text));
  shell.onText((text) => later.push(text));
  t.equal(pieces.join(''), bytes.toString());
  t.same(later, [], 'only the first listener gets what was kept');
});

t.test('keeps a bounded part of what nobody listens to', async (t) => {
  const port = await scripted(t, (channel) => {
    channel.write('x'.repeat(1_000_000));
    channel.end('admin:');
  });
  const shell = await (await open(t, port)).shell({ signal: still() });
  await shell.ended;
  const heard = ear(shell).text();
  t.same({ length: heard.length, end: heard.slice(-7) }, { length: 256 * 1024, end: 'xadmin:' });
});

t.test('tells a lost link from a closed shell', async (t) => {
  const session = await open(t);
  const lost = await session.shell({ signal: still() });
  const closed = await session.shell({ signal: still() });
  const heard = ear(lost);
  await lost.write('echo here-$((1 + 1))\n');
  await heard.until('here-2');
  closed.close();
  closed.close();
  t.equal(await closed.ended, null);
  proxy.cut();
  t.match(await lost.ended, { code: 'SSH_CONNECTION_LOST' });
  await t.rejects(lost.write('more'), { code: 'SSH_CONNECTION_LOST' });
  await t.rejects(session.shell({ signal: still() }), { code: 'SSH_CONNECTION_LOST' });
  t.equal(await closed.ended, null, 'the first end stays');
});

t.test('ends at once when its signal aborts, and leaves the session open', async (t) => {
  const session = await open(t);
  const abort = new AbortController();
  const shell = await session.shell({ signal: abort.signal });
  abort.abort(new Error('No longer wanted.'));
  t.match(await shell.ended, { message: 'No longer wanted.' });
  await t.rejects(shell.write('more'), { message: 'No longer wanted.' });
  await t.rejects(session.shell({ signal: abort.signal }), { message: 'No longer wanted.' });
  const { code } = await session.exec('true', { signal: still() });
  t.equal(code, 0);
});

t.test('closes a shell that comes when nobody waits any more', async (t) => {
  const abort = new AbortController();
  const closings: Promise<unknown>[] = [];
  const port = await scripted(t, (channel) => {
    closings.push(once(channel, 'close'));
    channel.resume();
  });
  const session = await open(t, port);
  const opening = session.shell({ signal: abort.signal });
  abort.abort(new DOMException('Too long.', 'TimeoutError'));
  await t.rejects(opening, { code: 'SSH_TIMEOUT_READY' });
  const second = await session.shell({ signal: still() });
  t.equal(closings.length, 2, 'the server has opened both');
  await closings[0];
  second.close();
  await closings[1];
});

t.test('says that an account has no shell', async (t) => {
  const port = await scripted(t, () => undefined, true);
  const session = await open(t, port);
  await t.rejects(session.shell({ signal: still() }), {
    code: 'SSH_SHELL_NOT_READY',
    message: 'The host let us in but opens no shell for this account.',
  });
});

t.test('waits with a write until the host takes it, and says when it never will', async (t) => {
  const channels: ServerChannel[] = [];
  const port = await scripted(t, (channel) => void channels.push(channel));
  const between = await FaultProxy.start(port);
  t.teardown(() => between.stop());
  const session = await open(t, between.port);
  const shell = await session.shell({ signal: still() });
  const [channel] = channels as [ServerChannel];
  // Nobody reads there, so the window of 2 MiB fills up.
  let taken = false;
  const writing = shell.write('x'.repeat(3 * 1024 * 1024)).then(() => (taken = true));
  await once(channel, 'readable');
  t.equal(taken, false);
  channel.resume();
  t.equal(await writing, true);
  channel.pause();
  const never = shell.write('y'.repeat(5 * 1024 * 1024));
  between.cut();
  await t.rejects(never, { code: 'SSH_CONNECTION_LOST' });
});

t.test('leaves no listener on the signals of shells that have ended', async (t) => {
  const session = await open(t);
  const { signal } = new AbortController();
  const live = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: never, options?: never) => {
    live.add(listener);
    add(type, listener, options);
  };
  signal.removeEventListener = (type: string, listener: never) => {
    live.delete(listener);
    remove(type, listener);
  };
  for (let times = 0; times < 5; times += 1) {
    const shell = await session.shell({ signal });
    t.equal(live.size, 1);
    shell.close();
    await shell.ended.then(() => undefined);
  }
  t.equal(live.size, 0);
});
