import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import { decode, encode, type Packet } from 'dns-packet';
import t, { type Test } from 'tap';
import { startBind, type BindOptions } from '../../tests/peers/bind.js';
import { openDoor } from '../../tests/peers/bind-door.js';
import { startFakeAcmeDns } from '../../tests/peers/fake-acme-dns.js';
import { ask } from './exchange.js';
import { makeDnsView, type DnsViewOptions } from './view.js';

const SERVFAIL = 2;
const { signal } = new AbortController();
const values = (count: number) => Array.from({ length: count }, (_, index) => `${index}`.padStart(43, 'v'));

async function world(t: Test, options: BindOptions) {
  const bind = await startBind(options);
  t.teardown(() => bind.stop());
  const view = (more: Partial<DnsViewOptions> = {}) =>
    makeDnsView({ resolvers: [bind.address], attemptTimeoutMs: 1_500, ...more });
  return { bind, view };
}

/** An address that takes datagrams and never answers. */
async function silence(t: Test): Promise<string> {
  const door = await openDoor();
  t.teardown(() => door.close());
  return door.address;
}

/** A name server on a free port that answers each question with what it is given for it. */
async function scripted(t: Test, replies: (question: Packet) => Packet[]): Promise<{ address: string; port: number }> {
  const socket = createSocket('udp4');
  await once(socket.bind(0, '127.0.0.1'), 'listening');
  t.teardown(() => new Promise<void>((done) => socket.close(done)));
  socket.on('message', (bytes, { port, address }) => {
    for (const reply of replies(decode(bytes))) socket.send(encode({ type: 'response', ...reply }), port, address);
  });
  return socket.address();
}

const states = ({ servers }: { servers: { state: string }[] }) => servers.map(({ state }) => state);

t.test('finds where a record has to stand', async (t) => {
  const acmeDns = await startFakeAcmeDns('auth.test');
  t.teardown(() => acmeDns.stop());
  const { fulldomain } = acmeDns.account;
  const chain = Array.from(
    { length: 14 },
    (_, index) => `_acme-challenge.c${index} CNAME _acme-challenge.c${index + 1}`,
  );
  const { bind, view } = await world(t, {
    zones: [
      {
        name: 'alpha.test',
        records: [
          ...['www A 127.0.0.1', 'alias CNAME www.beta.test.', '_acme-challenge.www CNAME www.dyn.alpha.test.'],
          ...['_acme-challenge.far CNAME _acme-challenge.www', `_acme-challenge.auth CNAME ${fulldomain}.`],
          ...['_acme-challenge.a CNAME _acme-challenge.b', '_acme-challenge.b CNAME _acme-challenge.a', ...chain],
          '_acme-challenge.odd CNAME a\\032b.alpha.test.',
        ],
      },
      ...[{ name: 'dyn.alpha.test' }, { name: 'beta.test', records: ['www A 127.0.0.1'] }],
      { name: '_acme-challenge.own.alpha.test' },
    ],
    elsewhere: [{ name: 'auth.test', address: acmeDns.address }],
  });
  const target = (name: string) => view().target(name, signal);
  const failure = (name: string) =>
    target(name).then(
      () => null,
      (error: Error & { code: string }) => `${error.code}: ${error.message}`,
    );

  t.equal(await target('_acme-challenge.alpha.test'), '_acme-challenge.alpha.test', 'which stands nowhere yet');
  t.equal(await target('_acme-challenge.not.there.alpha.test'), '_acme-challenge.not.there.alpha.test');
  t.equal(await target('_Acme-Challenge.WWW.alpha.test.'), 'www.dyn.alpha.test', 'in another zone');
  t.equal(await target('_acme-challenge.far.alpha.test'), 'www.dyn.alpha.test', 'over two CNAMEs');
  t.equal(await target('_acme-challenge.auth.alpha.test'), fulldomain, 'at another server');
  t.equal(await target('_acme-challenge.alias.alpha.test'), '_acme-challenge.alias.alpha.test', 'beneath an alias');
  t.equal(await target('_acme-challenge.own.alpha.test'), '_acme-challenge.own.alpha.test', 'a zone of its own');

  t.equal(
    await failure('_acme-challenge.a.alpha.test'),
    'DNS_FAILED: The CNAME records of _acme-challenge.a.alpha.test lead in a circle.',
  );
  t.match(await failure('_acme-challenge.c0.alpha.test'), /^DNS_FAILED: .* leads over more than 12 CNAME records\.$/);
  t.match(await failure('_acme-challenge.odd.alpha.test'), /^DNS_FAILED: .* leads to what is no name\.$/);
  t.equal(await failure('x.nowhere.example'), 'DNS_ZONE_UNKNOWN: No zone holds x.nowhere.example.');
  t.match(await failure('täst.alpha.test'), /^DNS_ZONE_UNKNOWN: This is no name/);
  t.match(await failure(`${'x'.repeat(64)}.test`), /^DNS_ZONE_UNKNOWN/);
  await acmeDns.stop();
  t.match(await failure('_acme-challenge.auth.alpha.test'), /^DNS_(FAILED|UNREACHABLE): /);
  await bind.halt();
  t.match(await failure('_acme-challenge.alpha.test'), /^DNS_UNREACHABLE: None of the resolvers answers \(127\./);
});

t.test('sees a record only when each of the zone’s own servers has it', async (t) => {
  const zones = [{ name: 'alpha.test', records: ['_acme-challenge.www CNAME www.dyn.alpha.test.'] }];
  const { bind, view } = await world(t, { zones: [...zones, { name: 'dyn.alpha.test' }], secondary: true });
  const look = (...wanted: string[]) =>
    view({ attemptTimeoutMs: 800 }).look('_acme-challenge.www.alpha.test', wanted, signal);
  const { address: second } = bind.secondary!;
  const both = (one: string, two: string) => [
    { server: `ns1.dyn.alpha.test (${bind.address})`, state: one },
    { server: `ns2.dyn.alpha.test (${second})`, state: two },
  ];
  t.strictSame(await look('one'), { seen: false, servers: both('missing', 'missing') });
  await bind.update('update add www.dyn.alpha.test 60 TXT one');
  t.strictSame(await look('one'), { seen: false, servers: both('seen', 'missing') }, 'the second server lags');
  await bind.secondary!.catchUp('dyn.alpha.test');
  const resolver = { server: bind.address, state: 'seen' };
  t.strictSame(await look('one'), { seen: true, servers: [...both('seen', 'seen'), resolver] });
  t.strictSame(states(await look('one', 'two')), ['missing', 'missing'], 'all values have to be there');
  await bind.secondary!.halt();
  t.strictSame(await look('one'), { seen: false, servers: both('seen', 'silent') }, 'a server that is down blocks');
  await bind.secondary!.start();
  t.equal((await look('one')).seen, true);
});

t.test('takes one address of a server for enough, and none for too few', async (t) => {
  const dead = [await silence(t), await silence(t)] as const;
  const { bind, view } = await world(t, {
    zones: [
      { name: 'half.test', servers: [{ name: 'ns1.half.test', addresses: ['2001:db8::53', dead[0]] }] },
      { name: 'silent.test', servers: [{ name: 'ns9.silent.test', addresses: [dead[1]] }] },
      { name: 'lost.test', servers: [{ name: 'ns.nowhere.example', addresses: [] }] },
      { name: 'lame.test', servers: [{ name: 'ns1.other.test', addresses: [] }] },
    ],
    elsewhere: [{ name: 'other.test', address: (await startLame(t)).address }],
  });
  const quick = view({ attemptTimeoutMs: 400 });
  for (const zone of ['half.test', 'silent.test', 'lost.test', 'lame.test'])
    await bind.update(`update add _acme-challenge.${zone} 60 TXT one`);
  const look = (zone: string) => quick.look(`_acme-challenge.${zone}`, ['one'], signal);

  const half = await look('half.test');
  t.equal(half.seen, true, 'two of three addresses are out of reach');
  t.strictSame(states(half).sort(), ['seen', 'seen', 'silent', 'silent']);
  const silent = await look('silent.test');
  t.strictSame(states(silent), ['seen', 'silent'], 'one server is silent at its only address');
  t.equal(silent.seen, false);
  const lost = await look('lost.test');
  t.strictSame(lost.servers[0], { server: 'ns.nowhere.example', state: 'silent' }, 'a server without an address');
  t.equal(lost.seen, false);
  t.equal((await look('lame.test')).seen, false, 'a server that is not in charge of the zone');
});

/** In charge of another zone only. */
async function startLame(t: Test) {
  const other = await startFakeAcmeDns('other.test');
  t.teardown(() => other.stop());
  return other;
}

t.test('reads answers that fit no datagram', async (t) => {
  const { bind, view } = await world(t, { zones: [{ name: 'alpha.test' }] });
  const many = values(80);
  await bind.update(...many.map((value) => `update add _acme-challenge.alpha.test 60 TXT ${value}`));
  const name = '_acme-challenge.alpha.test';
  const patience = { signal, timeoutMs: 1_500, attempts: 2 };
  const short = await ask({ address: bind.address, port: 53 }, { name, type: 'TXT' }, false, patience);
  t.equal(short?.answers.length, 80, 'over TCP');
  t.equal((await view().look(name, many, signal)).seen, true);
  t.equal((await view().look(name, [...many, 'other'], signal)).seen, false);
});

t.test('asks the resolvers last, and each of them', async (t) => {
  const asked: string[] = [];
  const behind = await scripted(t, ({ id = 0, questions = [] }) => {
    asked.push(questions[0]?.name ?? '');
    return [{ id, questions }];
  });
  const { bind, view } = await world(t, { zones: [{ name: 'alpha.test' }] });
  const lagging = view({ resolvers: [bind.address, `127.0.0.1:${behind.port}`] });
  const look = () => lagging.look('_acme-challenge.alpha.test', ['one'], signal);
  t.strictSame(states(await look()), ['missing']);
  t.strictSame(asked, [], 'one that is asked too early remembers that there is nothing');
  await bind.update('update add _acme-challenge.alpha.test 60 TXT one');
  const { seen, servers } = await look();
  t.equal(seen, false);
  t.strictSame(servers.slice(1), [
    { server: bind.address, state: 'seen' },
    { server: `127.0.0.1:${behind.port}`, state: 'missing' },
  ]);
  t.strictSame(asked, ['_acme-challenge.alpha.test']);
});

t.test('goes past a silent resolver, and on where one can’t say', async (t) => {
  const { bind, view } = await world(t, { zones: [{ name: 'alpha.test', records: ['_acme-challenge TXT one'] }] });
  const dead = await silence(t);
  const { port } = await scripted(t, ({ id = 0, questions = [] }) => [{ id, questions, flags: SERVFAIL }]);
  const unable = `127.0.0.1:${port}`;
  const some = view({ resolvers: [dead, unable, bind.address], attemptTimeoutMs: 300 });
  const { seen, servers } = await some.look('_acme-challenge.alpha.test', ['one'], signal);
  t.equal(seen, true);
  t.strictSame(servers.slice(1), [
    { server: dead, state: 'silent' },
    { server: unable, state: 'silent' },
    { server: bind.address, state: 'seen' },
  ]);
  await t.rejects(view({ resolvers: [dead], attemptTimeoutMs: 100 }).target('a.alpha.test', signal), {
    code: 'DNS_UNREACHABLE',
    message: `None of the resolvers answers (${dead}).`,
    retryable: true,
    hint: /SIGNALBOX_DNS_RESOLVERS/,
  });
  await t.rejects(view({ resolvers: [unable] }).target('a.alpha.test', signal), {
    code: 'DNS_FAILED',
    message: `No resolver can look up alpha.test (SOA): ${unable} answered SERVFAIL.`,
  });
  const before = dns.getServers();
  dns.setServers([bind.address]);
  t.teardown(() => dns.setServers(before));
  t.equal(
    (await view({ resolvers: [] }).look('_acme-challenge.alpha.test', ['one'], signal)).seen,
    true,
    'the system’s',
  );
});

t.test('ends in time, and at once when it is told to', async (t) => {
  const dead = await silence(t);
  const patient = makeDnsView({ resolvers: [dead], attemptTimeoutMs: 60_000, timeoutMs: 200 });
  await t.rejects(patient.look('a.test', ['one'], signal), {
    code: 'DNS_UNREACHABLE',
    message: 'The name servers did not answer within 0.2 s.',
  });
  const stop = new AbortController();
  const { port } = await scripted(t, () => {
    stop.abort(new Error('told to stop'));
    return [];
  });
  const endless = makeDnsView({ resolvers: [`127.0.0.1:${port}`], attemptTimeoutMs: 60_000, timeoutMs: 60_000 });
  await t.rejects(endless.target('a.b.test', stop.signal), { message: 'told to stop' });
  await t.rejects(endless.target('a.b.test', stop.signal), { message: 'told to stop' }, 'before the first question');
});

t.test('believes only the reply to its own question', async (t) => {
  const name = 'www.alpha.test';
  const real = (data: string) => ({ answers: [{ type: 'A' as const, name, data }] });
  const server = await scripted(t, ({ id = 0, questions = [] }) => [
    { id: (id + 1) % 0x1_0000, questions, ...real('192.0.2.66') },
    { id, questions: [{ type: 'A', name: 'www.beta.test' }], ...real('192.0.2.67') },
    { id, questions: [{ type: 'AAAA', name }], ...real('192.0.2.68') },
    { id, questions: [], ...real('192.0.2.69') },
    { id, questions, ...real('192.0.2.1') },
  ]);
  const patience = { signal, timeoutMs: 1_500, attempts: 1 };
  t.match(await ask(server, { name, type: 'A' }, true, patience), { rcode: 'NOERROR', ...real('192.0.2.1') });
});
