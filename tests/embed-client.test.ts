/** The page's client by real tokens for widgets: live by the topics that they may hear, and not a request more than others need. */
import t from 'tap';
import WebSocket from 'ws';
import type { Operation, PublishedDefinition, StartAnswer } from '../server/operations/contract.js';
import { signIn, startHouse, until } from './peers/house.js';
import { startTcp } from './peers/tcp-server.js';

interface Snapshot {
  operations: readonly Operation[];
  known: boolean;
  problem: { status: number } | null;
}

/** As much of the client as is used here; its own types need a browser's. */
interface Client {
  readonly state: { phase: string };
  watchConnection(connectionId: number, listener: (snapshot: Snapshot) => void): () => void;
  watchFleet(listener: (snapshot: Snapshot) => void): () => void;
  definitions(): Promise<readonly PublishedDefinition[]>;
  start(connectionId: number, type: string, params?: object): Promise<StartAnswer>;
  close(): void;
}

interface Options {
  url: string;
  fetchToken: () => Promise<{ token: string; expiresAt: string }>;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  WebSocket: typeof WebSocket;
}

// By a computed address, because these sources are checked with a browser's types.
const address = new URL('../web-components/client/index.ts', import.meta.url).href;
const { createClient } = (await import(address)) as { createClient: (options: Options) => Client };

const silent = await startTcp(() => undefined);
const house = await startHouse();
const admin = await signIn(house.url);
t.teardown(async () => {
  await house.stop();
  await silent.stop();
});

async function connection(name: string): Promise<number> {
  const host = { platform: 'linux', hostname: '127.0.0.1', port: silent.port, username: 'u', password: 'p' };
  const made = await admin.call('POST', '/connections', { name, ...host, services: ['nginx'] });
  return Number(made.body['id']);
}

const [one, two, three] = [await connection('one'), await connection('two'), await connection('three')];

/** A page whose portal's backend mints tokens of this scope. */
function open(scope: object) {
  const gets: string[] = [];
  const client = createClient({
    url: house.url,
    fetchToken: async () => (await admin.call('POST', '/auth/embed-tokens', scope)).body as never,
    fetch: (url, init) => {
      if (init.method === 'GET') gets.push(new URL(url).pathname);
      return fetch(url, init);
    },
    WebSocket,
  });
  const shown = new Map<number | 'fleet', Snapshot>();
  return {
    client,
    gets,
    watch(id: number | 'fleet') {
      const listener = (snapshot: Snapshot): void => void shown.set(id, snapshot);
      if (id === 'fleet') client.watchFleet(listener);
      else client.watchConnection(id, listener);
    },
    shows: (id: number | 'fleet', fits: (snapshot: Snapshot) => boolean) =>
      until(
        () => Promise.resolve(shown.get(id) ?? { operations: [], known: false, problem: null }),
        (snapshot) => client.state.phase === 'live' && fits(snapshot),
      ),
  };
}

async function start(id: number, type: string, params = {}): Promise<string> {
  const { status, text, body } = await admin.call('POST', `/connections/${id}/operations/${type}`, { params });
  if (status !== 202) throw new Error(text);
  return String(body['operationId']);
}

async function end(id: number, operationId: string): Promise<void> {
  await admin.call('POST', `/connections/${id}/operations/${operationId}/cancel`);
  await until(
    async () => (await admin.call('GET', `/connections/${id}/operations/${operationId}`)).body,
    ({ completedAt }) => completedAt !== null,
  );
}

const refusals = async (): Promise<number[]> =>
  [...(await admin.call('GET', '/metrics')).text.matchAll(/^signalbox_refused_\w+\{.*\} (\d+)$/gm)].map(([, count]) =>
    Number(count),
  );

const ids = ({ operations }: Snapshot): string[] => operations.map(({ id }) => id);

t.test('is live by a token that is bound to types, in as many requests as by any other', async (t) => {
  const before = await refusals();
  const page = open({ connections: [one, two], operations: ['ssh_test'], actions: ['read', 'start'] });
  t.teardown(() => page.client.close());
  page.watch(one);
  page.watch('fleet');
  await page.shows(one, ({ known }) => known);
  await page.shows('fleet', ({ known }) => known);
  const restart = await start(one, 'service_restart', { service: 'nginx' });
  const test = await start(one, 'ssh_test');
  const foreign = await start(three, 'ssh_test');
  t.same(ids(await page.shows(one, (snapshot) => ids(snapshot).includes(test))), [test]);
  t.same(ids(await page.shows('fleet', (snapshot) => ids(snapshot).includes(test))), [test]);
  await end(one, test);
  const ended = await page.shows(one, ({ operations }) => operations.every(({ completedAt }) => completedAt !== null));
  t.equal(ended.operations[0]?.status, 'cancelled');
  const { operationId } = await page.client.start(two, 'ssh_test');
  t.match(ids(await page.shows('fleet', (snapshot) => ids(snapshot).includes(operationId))), [operationId, test]);
  t.same(page.gets.sort(), [`/connections/${one}/operations`, '/operations', '/realtime']);
  const known = await page.client.definitions();
  t.same(
    known.map(({ type }) => type),
    ['ssh_test'],
  );
  t.same(await refusals(), before, 'nothing that it asked for was refused');
  await Promise.all([end(one, restart), end(three, foreign), end(two, operationId)]);
});

t.test('is live on a fleet by a token that is bound to connections alone', async (t) => {
  const page = open({ connections: [two, three] });
  t.teardown(() => page.client.close());
  page.watch('fleet');
  page.watch(one);
  await page.shows('fleet', ({ known }) => known);
  const [hidden, seen] = [await start(one, 'ssh_test'), await start(three, 'ssh_test')];
  const fleet = await page.shows('fleet', (snapshot) => ids(snapshot).includes(seen));
  t.ok(fleet.operations.every(({ connectionId }) => connectionId !== one));
  t.equal((await page.shows(one, ({ problem }) => problem !== null)).problem?.status, 404);
  t.equal(page.gets.filter((path) => path === '/operations').length, 1, 'it is not polled');
  await Promise.all([end(one, hidden), end(three, seen)]);
});
