/** What the server publishes of itself, held to what it does. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import nesClient from '@hapi/nes/lib/client.js';
import t from 'tap';
import { readTraffic } from '../../scripts/traffic.mjs';
import { signIn, startHouse, startServer, until } from '../../tests/peers/house.js';
import { startTcp } from '../../tests/peers/tcp-server.js';
import { startTeller } from '../../tests/peers/teller.js';
import { tempDir } from '../../tests/peers/temp.js';
import type { Operation, StartAnswer } from '../operations/contract.js';
import { asyncApi, type AsyncApi } from './async-api.js';
import { fieldsOf } from './fields.js';
import { html, prose } from './html.js';
import { publicRoutes, type OpenApi, type RouteDocument } from './open-api.js';
import { pathOf } from './request.js';
import { shapes } from './shapes/shapes.js';
import { shapeCheck } from './testing/strict.js';
import type { Schema } from './words.js';

const { Client } = nesClient as unknown as { Client: new (url: string) => NesClient };
interface NesClient {
  connect(options: object): Promise<void>;
  subscribe(path: string, handler: (message: unknown) => void): Promise<void>;
  disconnect(): Promise<void>;
  onUpdate: (message: unknown) => void;
}

const silent = await startTcp(() => undefined);
const house = await startHouse({ SIGNALBOX_PLUGINS: './examples/toy-plugin' });
const { server } = house.house;
const admin = await signIn(house.url);
const http = (await admin.call('GET', '/openapi.json')).body as unknown as OpenApi;
const feed = (await admin.call('GET', '/asyncapi.json')).body as unknown as AsyncApi;
t.teardown(async () => {
  await house.stop();
  await silent.stop();
});

const run = promisify(execFile);

/** What the linter says; severity 0 is an error. */
interface Finding {
  code: string;
  severity: number;
}

interface Named extends RouteDocument {
  name: string;
  path: string;
  method: string;
}
const routes: Named[] = Object.entries(http.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, route]) => ({
    ...route,
    path,
    method,
    name: `${method.toUpperCase()} ${path}`,
  })),
);

const responsesOf = (route: RouteDocument) => Object.entries(route.responses as Record<string, Schema>);

/** Every `$ref` in a document that leads nowhere. */
function lostRefs(document: unknown): string[] {
  const leads = (pointer: string) =>
    pointer
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Schema | undefined)?.[key], document) !== undefined;
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, pointer]) => pointer ?? '');
  if (refs.length === 0) throw new Error('a document without references');
  return refs.filter((pointer) => !pointer.startsWith('#/') || !leads(pointer));
}

t.test('openapi: covers each route of the server, and no other', async (t) => {
  const own = publicRoutes(server).map(({ method, path }) => `${method.toUpperCase()} ${pathOf(path)}`);
  t.same(routes.map(({ name }) => name).sort(), own.sort());
  for (const name of [
    'POST /connections/{id}/operations/ssh_test',
    'POST /connections/{id}/operations/service_restart',
    'POST /connections/{id}/operations/toy_greeting',
    'POST /api/data/{id}/test-connection',
    'POST /api/data/{id}/restart-service',
    'GET /docs',
  ])
    t.ok(own.includes(name), name);
  t.notMatch(own.join(), /nes/, 'and nothing that nes keeps for itself');
});

t.test('openapi: has the form of OpenAPI 3.1', async (t) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  t.match(http, { openapi: '3.1.0', info: { title: String, version } });
  t.same(lostRefs(http), []);
  t.equal(new Set(routes.map(({ operationId }) => operationId)).size, routes.length, 'operation ids are unique');
  t.same(
    routes.filter(({ operationId }) => !/^[a-z][A-Za-z0-9]+$/.test(operationId)).map(({ name }) => name),
    [],
  );
  for (const { name, path, parameters, responses, requestBody, summary } of routes) {
    const declared = parameters.filter((parameter) => parameter['in'] === 'path');
    t.same(
      declared.map((parameter) => `{${String(parameter['name'])}}`).sort(),
      (path.match(/\{\w+\}/g) ?? []).sort(),
      name,
    );
    t.ok(
      declared.every(({ required }) => required === true),
      `${name}: a path is whole`,
    );
    t.ok(
      parameters.every(
        (parameter) => parameter['schema'] && ['path', 'query', 'header'].includes(String(parameter['in'])),
      ),
    );
    t.ok(
      Object.keys(responses).every((status) => /^([1-5]\d\d|2XX|default)$/.test(status)),
      name,
    );
    t.ok(requestBody === undefined || /^(POST|PUT|PATCH)/.test(name), name);
    t.not(summary, name, `${name} has words of its own`);
  }
  const undescribed = routes.flatMap(({ name, parameters, requestBody }) => [
    ...parameters.filter(({ description }) => !description).map((parameter) => `${name} ${String(parameter['name'])}`),
    ...fieldsOf(bodySchema(requestBody)).flatMap((field) => (field.description ? [] : [`${name} ${field.name}`])),
  ]);
  t.same(undescribed, [], 'everything that a route takes is described');
  t.same(
    routes.filter((route) => '2XX' in route.responses).map(({ name }) => name),
    [],
    'what each of our routes answers is known',
  );
});

const bodySchema = (requestBody: Schema | undefined): Schema =>
  (requestBody?.['content'] as Record<string, { schema: Schema }> | undefined)?.['application/json']?.schema ?? {};

const routeOf = (name: string): Named => {
  const route = routes.find((each) => each.name === name);
  if (!route) throw new Error(`no ${name}`);
  return route;
};

t.test('both documents pass a linter that others keep, and what is wrong does not', async (t) => {
  const room = await tempDir();
  t.teardown(() => room.remove());
  const lint = async (name: string, document: object): Promise<Finding[]> => {
    await writeFile(`${room.path}/${name}`, JSON.stringify(document));
    const args = ['lint', `${room.path}/${name}`, '--ruleset', 'server/documents/spectral.yaml', '--format', 'json'];
    const ended = run(process.execPath, ['node_modules/@stoplight/spectral-cli/dist/index.js', ...args, '--quiet']);
    const { stdout } = await ended.catch((failed: { stdout: string }) => failed);
    return JSON.parse(stdout) as Finding[];
  };
  const found = await Promise.all([
    lint('openapi.json', http),
    lint('asyncapi.json', feed),
    lint('pathless.json', { ...http, paths: { '/a/{b}': { get: {} } }, components: {} }),
    lint('channelless.json', { ...feed, channels: 3 }),
  ]);
  t.same(found.slice(0, 2), [[], []]);
  for (const wrong of found.slice(2)) t.ok(wrong.some(({ severity }) => severity === 0));
});

t.test('openapi: says of a body what the route says', async (t) => {
  const start = routeOf('POST /connections/{id}/operations/ssh_test').requestBody;
  t.match(start, { required: false }, 'no body is a valid body');
  t.notOk('required' in bodySchema(start), 'nor need it have params');
  t.match(bodySchema(routeOf('POST /connections/{id}/operations/toy_greeting').requestBody), {
    properties: { params: { properties: { name: { type: 'string', maxLength: 80, default: 'world' } } } },
  });
  t.match(routeOf('POST /auth/login').requestBody, { required: true });
  t.match(routeOf('POST /auth/renew').requestBody, { required: false });
  const create = bodySchema(routeOf('POST /connections').requestBody);
  t.same(create['required'], ['hostname', 'name', 'platform', 'username']);
  t.match(create, { properties: { password: { type: ['string', 'null'] }, port: { maximum: 65535 } } });
});

t.test('openapi: names the doors that need a token, as they are', async (t) => {
  for (const { name, path, method, security, responses } of routes) {
    const url = path
      .replaceAll('{id}', '1')
      .replaceAll('{operationId}', crypto.randomUUID())
      .replace(/\{\w+\}/, 'x');
    const { statusCode, payload } = await server.inject({ method, url });
    const refused = statusCode === 401 && payload.includes('AUTH_REQUIRED');
    t.equal(refused, security.length > 0, name);
    t.equal('401' in responses, refused || name === 'POST /auth/login', name);
  }
});

t.test('openapi: lists each code with its sentence under its status', async (t) => {
  const answers = Object.fromEntries(responsesOf(routeOf('POST /connections/{id}/operations/ssh_test')));
  t.same(Object.keys(answers).sort(), [
    ...['200', '202', '400', '401', '403', '404', '409', '413', '415', '422', '429', 'default'],
  ]);
  t.match(answers['409'], { 'x-codes': ['OP_BUSY'], description: /`OP_BUSY`: .+ Wait until/ });
  t.match(answers['422'], { description: /a code of its own/ });
  t.match(answers['429'], { headers: { 'Retry-After': {} } });
  t.match(answers['202'], { headers: { Location: {} } });
  t.match(routeOf('GET /operations'), {
    parameters: [
      { name: 'status' },
      { name: 'type' },
      { name: 'limit' },
      { name: 'before' },
      { name: 'if-none-match' },
    ],
    responses: { 200: { headers: { ETag: {} } }, 304: {} },
  });
});

t.test('asyncapi: has a channel for each open subscription, and takes what a plugin opens', async (t) => {
  t.same(lostRefs(feed), []);
  t.match(feed, { asyncapi: '3.0.0', servers: { signalbox: { protocol: 'ws', pathname: '/realtime' } } });
  t.same(
    Object.values(feed.channels).map(({ address }) => address),
    [
      '/connections/{id}/operations',
      '/connections/{id}/operations/{operationId}/log',
      '/connections/{id}/operations/{type}',
      ...['/operations', null, null],
    ],
  );
  t.match(feed, {
    operations: {
      receiveProtocol: { action: 'receive', messages: [{ $ref: '#/channels/protocol/messages/hello' }] },
      sendProtocol: { action: 'send', messages: [{ $ref: '#/channels/protocol/messages/welcome' }] },
    },
  });
  t.same(feed.channels['connectionOperationsOfType']?.parameters?.['type']?.['enum'], [
    ...['certificate_renewal', 'service_restart', 'ssh_test', 'toy_greeting'],
  ]);
  const others = asyncApi({
    publicUrl: 'https://signalbox.example',
    port: 3000,
    patterns: ['/weather/{town}'],
    types: [],
  });
  t.same(lostRefs(others), []);
  t.match(others, {
    servers: { signalbox: { host: 'signalbox.example', protocol: 'wss' } },
    channels: { weatherTown: { address: '/weather/{town}', parameters: { town: {} }, messages: { other: {} } } },
  });
});

t.test('asyncapi: each channel can be subscribed, and its messages have the published shape', async (t) => {
  const check = shapeCheck({ components: { schemas: shapes } });
  // What says its lines when somebody listens.
  const teller = await startTeller();
  const told = await startHouse({ SIGNALBOX_PLUGINS: './tests/peers/told-plugin.ts' });
  const visitor = await signIn(told.url);
  t.teardown(async () => {
    await told.stop();
    await teller.stop();
  });
  const created = await visitor.call('POST', '/connections', {
    ...{ name: 'web', platform: 'linux', hostname: '127.0.0.1', port: silent.port, username: 'x', password: 'y' },
  });
  const id = String(created.body['id']);
  const heard: Record<string, unknown[]> = {};
  const client = new Client(told.url.replace('http', 'ws') + '/realtime');
  await client.connect({ auth: { headers: { authorization: `Bearer ${visitor.token}` } } });
  const fill = (address: string, operationId = '') =>
    address.replace('{id}', id).replace('{type}', 'told').replace('{operationId}', operationId);
  const listen = async (name: string, path: string) => {
    const messages: unknown[] = (heard[name] = []);
    await client.subscribe(path, (message) => messages.push(message));
  };
  for (const [name, { address }] of Object.entries(feed.channels))
    if (address !== null && !address.includes('{operationId}')) await listen(name, fill(address));
  const started = await visitor.call('POST', `/connections/${id}/operations/told`, { params: { port: teller.port } });
  const { operationId } = started.body as unknown as StartAnswer;
  await listen('operationLog', fill(feed.channels['operationLog']?.address ?? '', operationId));
  await teller.arrived(operationId);
  teller.tell(operationId, { log: 'a line' }, { end: true });
  const path = `/connections/${id}/operations/${operationId}`;
  await until(
    async () => (await visitor.call('GET', path)).body as unknown as Operation,
    ({ completedAt }) => completedAt !== null,
  );
  await until(
    async () => Object.values(heard).every((messages) => messages.length > 0),
    (all) => all,
  );
  await client.disconnect();
  for (const [name, messages] of Object.entries(heard)) {
    const [message = ''] = Object.keys(feed.channels[name]?.messages ?? {});
    const named = (feed['components'] as { messages: Record<string, { payload: Schema }> }).messages[message];
    t.same([...new Set(messages.map((each) => check.problem(named?.payload ?? {}, each)))], [null], name);
  }
  t.match(
    check.problem({ $ref: '#/components/schemas/LogChunk' }, { seq: 0, lines: [], more: 1 }),
    /additional.*seq|seq/,
  );
  t.equal((await visitor.call('DELETE', `/connections/${id}`)).status, 204);
});

t.test('the watch over the traffic of the tests sees what is not published', async (t) => {
  const other = await startHouse();
  const visitor = await signIn(other.url);
  await visitor.call('GET', '/auth/me');
  await visitor.call('GET', '/connections/1');
  t.same([...other.watch.complaints], []);
  t.same([...other.watch.seen].sort(), ['GET /auth/me 200', 'GET /connections/{id} 404', 'POST /auth/login 200']);
  const instead: Record<string, [number, object]> = {
    '/auth/me': [201, {}],
    '/healthz': [200, { status: 'ok', extra: 1 }],
    '/connections': [404, { code: 'LAST_ADMIN' }],
  };
  const { server: changed } = other.house;
  changed.ext('onPreResponse', (request, h) => {
    const [status, body] = instead[request.path] ?? [0, {}];
    return status === 0 ? h.continue : h.response(body).code(status);
  });
  for (const path of Object.keys(instead)) await visitor.call('GET', path);
  changed.feed.publish('/operations', '{"event":"operation:end"}');
  changed.feed.publishAll(['/nowhere'], () => '{}');
  const complaints = [
    /^GET \/auth\/me 201: a status that is not published$/,
    /^GET \/healthz 200: .*additional/,
    /^GET \/connections 404: a status/,
    /^\/operations: .*operation/,
    /^\/nowhere: no such channel$/,
  ];
  t.match([...other.watch.complaints], complaints);
  await t.rejects(other.stop(), /not as \/openapi.json/);
});

t.test('the watch hears every frame of a socket, in both directions, and what is wrong with one', async (t) => {
  const other = await startHouse();
  const { token } = await signIn(other.url);
  const client = new Client(other.url.replace('http', 'ws') + '/realtime');
  const updates: unknown[] = [];
  client.onUpdate = (update) => updates.push(update);
  await client.connect({ auth: { headers: { authorization: `Bearer ${token}` } } });
  await client.subscribe('/operations', () => undefined);
  await t.rejects(client.subscribe('/nothing', () => undefined));
  const frames = () => [...other.watch.seen].filter((name) => /^(protocol|socket) /.test(name)).sort();
  const heard = ['done', 'hello', 'refusal', 'sub', 'welcome'].map((name) => `protocol ${name}`);
  t.same([frames(), [...other.watch.complaints]], [heard, []]);
  other.house.server.eachSocket((socket) => void socket.send({ event: 'server:drain', soon: true }));
  await until(
    async () => updates.length,
    (count) => count > 0,
  );
  t.same(frames(), [...heard, 'socket drain']);
  t.match([...other.watch.complaints], [/^socket drain: .*retryAfterMs/]);
  await client.disconnect();
  await t.rejects(other.stop(), /not as \/openapi.json/);
});

t.test('a server in a process of its own is watched as well, and what was seen of it outlives a kill', async (t) => {
  const room = await tempDir();
  t.teardown(() => room.remove());
  const ledger = `${room.path}/ledger`;
  await mkdir(ledger);
  const seen = () => readTraffic(ledger).seen as Set<string>;
  const start = (plugins: string) =>
    startServer(room.path, { TRAFFIC_DIRECTORY: ledger, SIGNALBOX_PLUGINS: plugins, SIGNALBOX_LOG_LEVEL: 'silent' });
  const sound = await start('');
  await fetch(`${sound.url}/healthz`);
  await until(async () => seen().size, Boolean);
  await sound.kill();
  t.same([...seen()], ['GET /healthz 200']);
  t.match(readTraffic(ledger), { servers: 1 });
  t.ok((readTraffic(ledger).published as Set<string>).has('POST /auth/login 200'));
  const mistaken = await start('./tests/peers/false-health-plugin.ts');
  await fetch(`${mistaken.url}/healthz`);
  await t.rejects(mistaken.stop(), /not as .*\n.*GET \/healthz 200: .*constant/);
});

t.test('docs: one page with every route, every code of it and every subscription, under a strict policy', async (t) => {
  const answer = await fetch(`${house.url}/docs`);
  const page = await answer.text();
  t.match([answer.status, answer.headers.get('content-type')], [200, /^text\/html/]);
  const policy = answer.headers.get('content-security-policy') ?? '';
  t.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; /);
  t.notMatch(policy, /unsafe|script-src|http/);
  const inline = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(inline).digest('base64');
  t.ok(policy.includes(`'sha256-${hash}'`), 'which lets the page have its own style');
  t.notMatch(page, /<script|style="|onclick|src="|\[object|undefined/);
  for (const { operationId, path, method } of routes) {
    t.ok(page.includes(`id="${operationId}"`) && page.includes(`href="#${operationId}"`), operationId);
    t.ok(page.includes(`${method.toUpperCase()} ${path}`));
  }
  for (const { address } of Object.values(feed.channels)) t.ok(address === null || page.includes(address));
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  t.same(
    targets.filter((target) => !page.includes(`id="${target}"`)),
    [],
    'no link leads nowhere',
  );
  t.match(page, /OP_BUSY<\/code>: This operation is running with other params/);
  t.equal(html`<p title="${`"'`}">${'<b>&'}</p>`.markup, '<p title="&quot;&#39;">&lt;b&gt;&amp;</p>');
  t.equal(prose('a `<b>` c').markup, 'a <code>&lt;b&gt;</code> c');
});

t.test('all three are open to anybody, and answer 304 while nothing changed', async (t) => {
  for (const path of ['/openapi.json', '/asyncapi.json', '/docs']) {
    const first = await fetch(house.url + path);
    await first.text();
    t.equal(first.status, 200, path);
    const again = await fetch(house.url + path, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    t.equal(again.status, 304, path);
  }
});
