/** What platforms reach a host with beside a session: quoting, waiting, probing, looking again. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import t from 'tap';
import fc from 'fast-check';
import { startTcp } from '../../tests/peers/tcp-server.js';
import { freePort } from '../../tests/peers/ports.js';
import { Backoff, pause } from './backoff.js';
import type { ExecResult, SshSession } from './contract.js';
import { Deadline } from './deadline.js';
import { SshError } from './errors.js';
import { probePort, waitForPort } from './port-probe.js';
import { quote, shCommand } from './quote.js';
import { Remote } from './remote.js';
import { probeTls } from './tls-probe.js';

const run = promisify(execFile);
const { signal } = new AbortController();

const word = () =>
  fc.string({
    unit: fc.oneof(
      fc.constantFrom("'", '"', '\\', '$', '`', '!', '\n', ';', '&', '|', '*', '~', ' ', '{}', '$(id)', '-'),
      fc.string(),
    ),
    maxLength: 20,
  });

t.test('quotes whatever a word holds, so that a real shell hands it on unchanged', async (t) => {
  const words = fc.sample(word(), 2_000).map((text) => text.replaceAll('\0', ''));
  for (let at = 0; at < words.length; at += 500) {
    const part = words.slice(at, at + 500);
    const { stdout } = await run('/bin/sh', ['-c', `printf '%s\\0' ${part.map(quote).join(' ')}`]);
    t.same(stdout.split('\0').slice(0, -1), part);
  }
  t.throws(() => quote('a\0b'), /NUL/);
});

t.test('hands words to a script as its arguments, and the script to /bin/sh from any shell', async (t) => {
  for (const shell of ['/bin/sh', '/bin/bash']) {
    const command = shCommand('printf "%s|" "$#" "$1" "$2"; exit 7', "it's", '$(id) *');
    const failure = await run(shell, ['-c', command]).then(
      () => null,
      (error: { code: number; stdout: string }) => error,
    );
    t.equal(failure?.code, 7);
    t.equal(failure?.stdout, "2|it's|$(id) *|");
  }
});

t.test('waits longer each time up to the longest, between half and whole, and begins anew', (t) => {
  const longest = new Backoff({ random: () => 1 - Number.EPSILON });
  t.same(
    [1, 2, 3, 4, 5, 6, 7].map(() => Math.round(longest.nextMs())),
    [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000],
  );
  longest.reset();
  t.equal(Math.round(longest.nextMs()), 500);
  const shortest = new Backoff({ firstMs: 10, mostMs: 40, random: () => 0 });
  t.same(
    [1, 2, 3, 4].map(() => shortest.nextMs()),
    [5, 10, 20, 20],
  );
  t.end();
});

t.test('ends a wait at once with the reason of the signal', async (t) => {
  const reason = new Error('enough');
  const ending = new AbortController();
  const waiting = pause(60_000, ending.signal);
  ending.abort(reason);
  await t.rejects(waiting, reason);
  await t.rejects(pause(60_000, ending.signal), reason);
  await t.resolves(pause(1, signal));
});

t.test('tells a port that is served from one that is not', async (t) => {
  const peer = await startTcp((socket) => socket.resume());
  t.teardown(() => peer.stop());
  t.equal(await probePort('127.0.0.1', peer.port, { signal }), '127.0.0.1');
  const closed = await freePort();
  await t.rejects(probePort('127.0.0.1', closed, { signal }), { code: 'SSH_REFUSED' });
  const aborted = AbortSignal.abort(new Error('cancelled'));
  await t.rejects(probePort('127.0.0.1', peer.port, { signal: aborted }), { message: 'cancelled' });
});

t.test('waits until a port is served, and says why it was not when the time is up', async (t) => {
  const port = await freePort();
  await t.rejects(waitForPort('127.0.0.1', port, { signal, deadline: new Deadline(30), pollMs: 5 }), {
    code: 'SSH_REFUSED',
  });
  let asked: () => void = () => undefined;
  const server = createTlsServer();
  const refusedOnce = new Promise<void>((resolve) => (asked = resolve));
  const waiting = waitForPort('127.0.0.1', port, { signal, deadline: new Deadline(30_000), pollMs: 5 });
  setImmediate(asked);
  await refusedOnce;
  server.listen(port, '127.0.0.1');
  t.equal(await waiting, '127.0.0.1');
  server.close();
  await once(server, 'close');
});

t.test('shows the certificate that a port serves, whoever signed it', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const subject = '/CN=cucm1.example.org/O=Example';
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    '-subj',
    subject,
  ]);
  const { stdout } = await run('openssl', ['x509', '-in', cert, '-noout', '-fingerprint', '-sha256', '-serial']);
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const shown = await probeTls('127.0.0.1', port, { signal });
  t.equal(shown.subject, 'CN=cucm1.example.org, O=Example');
  t.ok(stdout.includes(shown.fingerprint256));
  t.ok(stdout.includes(shown.serialNumber));
  t.equal(shown.protocol, 'TLSv1.3');
  t.ok(Date.parse(shown.notAfter) > Date.now());
});

t.test('says that a port ends no TLS handshake, because it speaks something else or nothing', async (t) => {
  const chatty = await startTcp((socket) => socket.write('220 ready\r\n'));
  const silent = await startTcp((socket) => socket.resume());
  t.teardown(() => Promise.all([chatty.stop(), silent.stop()]));
  for (const { port } of [chatty, silent])
    await t.rejects(probeTls('127.0.0.1', port, { signal, timeoutMs: 200 }), { message: /ended no TLS handshake/ });
});

const done: ExecResult = { code: 0, signal: null, stdout: 'ok', stderr: '', truncated: false };

/** Sessions that answer, or fail, as the script says; each in turn. */
function scripted(script: (ExecResult | Error)[][]) {
  const state = { opened: 0, closed: 0 };
  const open = async (): Promise<SshSession> => {
    const answers = script[state.opened++];
    if (!answers) throw new Error('The script is over.');
    const [first] = answers;
    if (first instanceof Error && answers.length === 1) throw first;
    const exec = async () => {
      const answer = answers.shift() ?? done;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return { exec, close: () => void (state.closed += 1) } as unknown as SshSession;
  };
  return { open, state };
}

const quick = { firstMs: 1, mostMs: 2 };
const lost = () => new SshError('SSH_CONNECTION_LOST');

t.test('looks again on a new session after one was lost, and keeps to it while it lives', async (t) => {
  const { open, state } = scripted([[lost(), lost()], [new SshError('SSH_REFUSED')], [done, done]]);
  const notes: string[] = [];
  const remote = new Remote({ open, signal, backoff: quick, note: (line) => notes.push(line) });
  t.same(await remote.look('x', new Deadline(60_000)), done);
  t.same(await remote.look('x', new Deadline(60_000)), done);
  t.equal(state.opened, 3);
  t.same(notes, ['The connection to the host was lost.', 'There is a session again.']);
  remote.close();
  remote.close();
  t.equal(state.closed, 2, 'every session is closed, and once');
});

t.test('never looks again where another attempt could lock an account, nor past its deadline', async (t) => {
  const refused = scripted([[lost(), lost()], [new SshError('SSH_AUTH_REFUSED')], [done]]);
  const remote = new Remote({ ...refused, signal, backoff: quick });
  await t.rejects(remote.look('x', new Deadline(60_000)), { code: 'SSH_AUTH_REFUSED' });
  t.equal(refused.state.opened, 2);
  const away = scripted(Array.from({ length: 1_000 }, () => [new SshError('SSH_UNREACHABLE')]));
  const late = new Remote({ ...away, signal, backoff: quick });
  await t.rejects(late.look('x', new Deadline(20)), { code: 'SSH_UNREACHABLE' });
});

t.test('sends a command once, whatever becomes of it', async (t) => {
  const { open, state } = scripted([[lost(), done], [done]]);
  const remote = new Remote({ open, signal });
  await t.rejects(remote.exec('x'), { code: 'SSH_CONNECTION_LOST' });
  t.equal(state.opened, 1);
  remote.close();
});

t.test('closes a session that comes only after it was closed itself', async (t) => {
  let arrive: (session: SshSession) => void = () => undefined;
  let closed = 0;
  const open = () => new Promise<SshSession>((resolve) => (arrive = resolve));
  const remote = new Remote({ open, signal });
  const connecting = remote.connect();
  remote.close();
  arrive({ close: () => void (closed += 1) } as unknown as SshSession);
  await t.rejects(connecting, /closed meanwhile/);
  t.equal(closed, 1);
});
