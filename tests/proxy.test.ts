/** Behind a real nginx with TLS, configured by the files that docker-compose.yml uses: everything works, and nothing is lost. */
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect as connectTls } from 'node:tls';
import t, { type Test } from 'tap';
import { defaultHeartbeat } from '../server/realtime/limits.js';
import type { Operation } from '../server/operations/contract.js';
import { startHeaderTaker } from './peers/header-taker.js';
import { ADMIN_PASSWORD, signIn, startHouse, startServer, until, visitor, type Visitor } from './peers/house.js';
import { fetchTrusting } from './peers/https.js';
import { openClient, type LiveClient } from './peers/live-client.js';
import { check, proxyPlace, render, startProxy, type Proxy } from './peers/proxy.js';
import { freePort } from './peers/ports.js';
import { tempDir } from './peers/temp.js';

const toy = { SIGNALBOX_PLUGINS: './examples/toy-plugin' };
const trusted = { SIGNALBOX_TRUSTED_PROXIES: '127.0.0.1' };
const connection = {
  name: 'web',
  platform: 'linux',
  hostname: '127.0.0.1',
  port: 9,
  username: 'u',
  password: 'secret',
};

const enter = ({ url, ca }: Proxy) => signIn(url, 'admin', ADMIN_PASSWORD, fetchTrusting({ ca }));

async function connect(who: Visitor): Promise<number> {
  const answer = await who.call('POST', '/connections', connection);
  if (answer.status !== 201) throw new Error(answer.text);
  return Number(answer.body['id']);
}

/** Starts a greeting, or joins the one that runs; answers with its id. */
async function greet(who: Visitor, id: number): Promise<string> {
  const answer = await who.call('POST', `/connections/${id}/operations/toy_greeting`, { params: { name: 'Mira' } });
  if (answer.status !== 202 && answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return String(answer.body['operationId']);
}

const inShort = (operations: readonly Operation[]) =>
  operations.map(({ id, status, revision }) => `${id} ${status} ${revision}`).sort();

/** Resolves when the client shows what the store holds, with every one of `ids` completed. */
async function showsTruth(t: Test, { shown }: LiveClient, who: Visitor, id: number, ids: string[]): Promise<void> {
  const stored = async () =>
    (await who.call('GET', `/connections/${id}/operations`)).body['operations'] as unknown as Operation[];
  const wanted = await until(stored, (all) => all.every(({ completedAt }) => completedAt !== null));
  t.same(
    ids.filter((each) => !wanted.some((one) => one.id === each && one.status === 'completed')),
    [],
    'all that was started was run',
  );
  await until(
    () => Promise.resolve(inShort(shown())),
    (now) => String(now) === String(inShort(wanted)),
  );
  t.same(inShort(shown()), inShort(wanted), 'what is shown is what is stored');
}

t.test('nginx takes each variant of the configuration', async (t) => {
  const room = await tempDir('signalbox-proxy-');
  t.teardown(() => room.remove());
  const base = { PROXY_PUBLIC_URL: 'https://signalbox.example.com' };
  const local = { ...base, PROXY_UPSTREAMS: '127.0.0.1:3000' };
  const variants = {
    single: local,
    cluster: { ...base, PROXY_UPSTREAMS: '127.0.0.1:3000 [::1]:3001' },
    own: { ...local, PROXY_TLS_DIR: `${room.path}/single/tls` },
    strict: { ...local, PROXY_HSTS: 'max-age=600; includeSubDomains' },
    elsewhere: { ...local, PROXY_HTTP_LISTEN: '127.0.0.2:8080', PROXY_HTTPS_LISTEN: '127.0.0.2:8443' },
    address: { ...local, PROXY_PUBLIC_URL: 'https://[::1]:8443' },
  };
  const texts: Record<string, string> = {};
  for (const [name, env] of Object.entries(variants)) {
    texts[name] = await render(`${room.path}/${name}`, env);
    const said = await check(`${room.path}/${name}`);
    t.match(said, 'test is successful', name);
    t.notMatch(said, '[warn]', name);
    t.notMatch(texts[name], /\$\{/, 'nothing is left to be filled in');
  }
  const heartbeatSeconds = (defaultHeartbeat.intervalMs + defaultHeartbeat.timeoutMs) / 1000;
  const readTimeout = /location = \/realtime \{[^}]*proxy_read_timeout (\d+)s/.exec(texts['single'] ?? '')?.[1];
  t.ok(Number(readTimeout) > heartbeatSeconds, 'an idle socket is not cut between two heartbeats');
  t.equal(texts['cluster']?.match(/^ {4}server \S+ max_fails/gm)?.length, 2);
  t.match(texts['own'], `ssl_certificate ${room.path}/single/tls/fullchain.pem;`);
  for (const wrong of [
    { PROXY_PUBLIC_URL: 'http://plain.example.com' },
    { PROXY_UPSTREAMS: 'server:3000; return 200' },
    { PROXY_UPSTREAMS: 'server:3000\n}' },
    { PROXY_HTTPS_LISTEN: 'all' },
    { PROXY_TLS_DIR: 'relative' },
    { PROXY_HSTS: "x' always; #" },
  ])
    await t.rejects(
      render(`${room.path}/wrong`, { ...base, ...wrong }),
      { message: new RegExp(`${Object.keys(wrong)[0]}: expected `) },
      JSON.stringify(wrong),
    );
});

t.test('upgrades at one path only, and lets neither cookies nor forged addresses through', async (t) => {
  const behind = await startHeaderTaker();
  const proxy = await startProxy([behind.host], await proxyPlace());
  t.teardown(async () => {
    await proxy.stop();
    await behind.stop();
  });
  const { hostname, port } = new URL(proxy.url);
  const ask = async (path: string, upgrade: string) => {
    const headers = {
      connection: 'Upgrade',
      upgrade,
      cookie: 'nes=stolen',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'ftp',
      origin: proxy.url,
    };
    const asked = request({ hostname, port, ca: proxy.ca, path, headers, agent: false, localAddress: '127.0.0.5' });
    asked.end();
    const upgraded = once(asked, 'upgrade').then(([, socket]) => void (socket as { destroy(): void }).destroy());
    const answered = once(asked, 'response').then(([answer]) => void (answer as IncomingMessage).resume());
    upgraded.catch(() => undefined);
    answered.catch(() => undefined);
    await Promise.race([upgraded, answered]);
    const { headers: came = {}, ...rest } = behind.taken.at(-1) ?? {};
    const { host, cookie } = came;
    return { ...rest, host, cookie, from: came['x-forwarded-for'], by: came['x-forwarded-proto'], to: came.upgrade };
  };
  const common = { host: `${hostname}:${port}`, cookie: undefined, from: '127.0.0.5', by: 'https' };
  for (const path of ['/', '/connections', '/realtime/', '/realtime/x', '/Realtime', '/console/main.js'])
    t.same(await ask(path, 'websocket'), { url: path, upgraded: false, to: undefined, ...common });
  t.same(await ask('/realtime', 'WebSocket'), { url: '/realtime', upgraded: true, to: 'websocket', ...common });
  t.same(await ask('/realtime', 'h2c'), { url: '/realtime', upgraded: false, to: undefined, ...common });
  t.equal((await fetch(`${proxy.plainUrl}/.well-known/acme-challenge/abc`)).status, 200);
  t.match(behind.taken.at(-1), { url: '/.well-known/acme-challenge/abc' }, 'challenges are passed on without TLS');
  const plain = await fetch(`${proxy.plainUrl}/a?b=c`, { redirect: 'manual' });
  t.match([plain.status, plain.headers.get('location')], [308, `${proxy.url}/a?b=c`]);
});

t.test('speaks TLS 1.2 and 1.3 with HTTP/2, and nothing older', async (t) => {
  const behind = await startHeaderTaker();
  const proxy = await startProxy([behind.host], await proxyPlace(), { PROXY_HSTS: 'max-age=600' });
  t.teardown(async () => {
    await proxy.stop();
    await behind.stop();
  });
  const { hostname: host, port } = new URL(proxy.url);
  const ciphers = 'DEFAULT@SECLEVEL=0';
  const greeted = async (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => {
    const versions = { minVersion: version, maxVersion: version };
    const socket = connectTls({ host, port: Number(port), ca: proxy.ca, ciphers, ALPNProtocols: ['h2'], ...versions });
    try {
      await once(socket, 'secureConnect');
      return [socket.getProtocol(), socket.alpnProtocol];
    } finally {
      socket.destroy();
    }
  };
  for (const old of ['TLSv1', 'TLSv1.1'] as const)
    await t.rejects(greeted(old), { code: /ALERT_PROTOCOL_VERSION/ }, `${old} is refused by the proxy`);
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) t.same(await greeted(version), [version, 'h2']);
  const session = connectHttp2(proxy.url, { ca: proxy.ca });
  const stream = session.request({ ':path': '/healthz', cookie: 'nes=stolen' });
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  session.destroy();
  t.match(headers, { ':status': 200, 'strict-transport-security': 'max-age=600' });
  t.match(behind.taken.at(-1)?.headers, { host: `${host}:${port}` }, 'the host keeps its port');
  t.notOk(behind.taken.at(-1)?.headers.cookie);
});

t.test('serves the whole product: sign-in, operations, live updates, files', async (t) => {
  const webDir = t.testdir({ console: { 'index.html': '<!doctype html>', 'main.js': '0;' } });
  const place = await proxyPlace();
  const house = await startHouse({ ...toy, ...trusted, SIGNALBOX_PUBLIC_URL: place.url }, { webDir });
  const proxy = await startProxy([new URL(house.url).host], place);
  t.teardown(async () => {
    await proxy.stop();
    await house.stop();
  });
  const admin = await enter(proxy);
  const id = await connect(admin);
  t.match((await admin.call('GET', '/realtime')).body, {
    transport: 'websocket',
    url: `${proxy.url.replace('https', 'wss')}/realtime`,
  });

  t.test('updates come through wss', async (t) => {
    const page = await openClient(proxy.url, proxy.ca, admin.token, id);
    t.teardown(() => page.client.close());
    await page.live();
    await showsTruth(t, page, admin, id, [await greet(admin, id)]);
    t.same(page.phases, ['connecting', 'live'], 'over one socket, without polling');
  });

  t.test('a reload loses no update', async (t) => {
    const page = await openClient(proxy.url, proxy.ca, admin.token, id);
    t.teardown(() => page.client.close());
    await page.live();
    const [sockets, phases] = [page.sockets(), page.phases.length];
    const ids = [await greet(admin, id)];
    proxy.reload();
    const back = page.backSince(phases);
    let isOver = false;
    const end = () => (isOver = true);
    back.then(end, end);
    while (!isOver) ids.push(await greet(admin, id));
    await back;
    t.equal(page.sockets(), sockets + 1, 'the first new socket is taken, which is tried within half a second');
    await showsTruth(t, page, admin, id, ids.slice(-20));
  });

  t.test('only the proxy is believed about addresses', async (t) => {
    const forged = { 'x-forwarded-for': '203.0.113.9' };
    const login = async (call: Visitor['call'], username: string) => {
      t.equal((await call('POST', '/auth/login', { username, password: 'wrong' }, forged)).status, 401);
      const { entries } = (await admin.call('GET', '/audit?action=login&limit=1')).body as {
        entries: Record<string, unknown>[];
      };
      t.equal(entries[0]?.['actor'], username);
      return entries[0]?.['address'];
    };
    const outside = fetchTrusting({ ca: proxy.ca, localAddress: '127.0.0.5' });
    t.equal(await login(visitor(proxy.url, '', outside).call, 'one'), '127.0.0.5');
    t.equal(await login(visitor(house.url, '').call, 'two'), '203.0.113.9', 'the proxy itself would be believed');
  });

  t.test('files keep the time that the server gives them', async (t) => {
    const file = await admin.call('GET', '/console/main.js?v=abc123');
    t.match([file.status, file.headers.get('cache-control')], [200, 'public, max-age=31536000, immutable']);
    const page = await admin.call('GET', '/');
    t.match([page.status, page.headers.get('cache-control')], [200, 'no-cache']);
    t.match(
      page.headers.get('content-security-policy'),
      proxy.url.replace('https', 'wss'),
      'the page may open the socket',
    );
    t.equal(page.headers.get('strict-transport-security'), null);
  });

  t.test('what is too large is refused with a problem document', async (t) => {
    const answer = await admin.call('POST', '/connections', { name: 'x'.repeat(70_000) });
    t.match([answer.status, answer.body['code']], [413, 'PAYLOAD_TOO_LARGE']);
  });
});

t.test('answers 502 while the server is dead, and the clients come back with it', async (t) => {
  const room = await tempDir();
  const place = await proxyPlace();
  const port = await freePort();
  const env = { ...toy, ...trusted, PORT: String(port), SIGNALBOX_PUBLIC_URL: place.url };
  let server = await startServer(room.path, env);
  const proxy = await startProxy([`127.0.0.1:${port}`], place);
  t.teardown(async () => {
    await proxy.stop();
    await server.stop();
    await room.remove();
  });
  const admin = await enter(proxy);
  const id = await connect(admin);
  const page = await openClient(proxy.url, proxy.ca, admin.token, id);
  t.teardown(() => page.client.close());
  await page.live();
  const phases = page.phases.length;
  await server.kill();
  const answer = await admin.call('GET', '/connections');
  t.match([answer.status, answer.headers.get('content-type')], [502, 'application/problem+json']);
  t.match(answer.body, { status: 502, code: 'SERVER_UNREACHABLE', title: String, hint: String });
  t.match([answer.headers.get('retry-after'), answer.headers.get('cache-control')], ['1', 'no-store']);
  server = await startServer(room.path, env);
  const ids = [await greet(admin, id)];
  await page.backSince(phases);
  await showsTruth(t, page, admin, id, ids);
});

t.test('goes to the other node where one does not answer', async (t) => {
  const place = await proxyPlace();
  const house = await startHouse({ ...toy, ...trusted, SIGNALBOX_PUBLIC_URL: place.url });
  const proxy = await startProxy([`127.0.0.1:${await freePort()}`, new URL(house.url).host], place);
  t.teardown(async () => {
    await proxy.stop();
    await house.stop();
  });
  const admin = await enter(proxy);
  const id = await connect(admin);
  const page = await openClient(proxy.url, proxy.ca, admin.token, id);
  t.teardown(() => page.client.close());
  await page.live();
  await showsTruth(t, page, admin, id, [await greet(admin, id)]);
  t.match(await proxy.log(), 'Connection refused', 'the dead one was asked');
});

t.test('stops a flood from one address', async (t) => {
  const behind = await startHeaderTaker();
  const proxy = await startProxy([behind.host], await proxyPlace(), { PROXY_RATE: '1', PROXY_BURST: '3' });
  t.teardown(async () => {
    await proxy.stop();
    await behind.stop();
  });
  const ask = (localAddress: string) =>
    visitor(proxy.url, '', fetchTrusting({ ca: proxy.ca, localAddress })).call('GET', '/');
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask('127.0.0.6')));
  const refused = answers.filter(({ status }) => status === 429);
  t.ok(refused.length > 0 && refused.length < 30);
  t.match(refused[0]?.body, { code: 'TOO_MANY_REQUESTS', hint: String });
  t.equal(refused[0]?.headers.get('retry-after'), '2');
  t.equal((await ask('127.0.0.7')).status, 200, 'others are served');
});
