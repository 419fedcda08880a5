/** A server with nothing but the live feed, on a free port, and clients for it. */
import Boom from '@hapi/boom';
import Hapi, { type Server } from '@hapi/hapi';
import nesClient from '@hapi/nes/lib/client.js';
import type { ClientOptions } from 'ws';
import { witnessSockets } from '../../documents/testing/witness.js';
import { makeCounters, type Counters } from '../../watching/counters.js';
import { problems } from '../../problems/problems.js';
import type { RealtimeOptions } from '../contract.js';
import { realtime } from '../plugin.js';
import { FakeAccess } from './fake-access.js';
import { FakeClock } from './fake-clock.js';
import { RawClient } from './raw-client.js';

export type StockClient = InstanceType<typeof nesClient.Client>;

export interface House {
  server: Server;
  access: FakeAccess;
  clock: FakeClock;
  counters: Counters;
  config: RealtimeOptions['config'];
  url: string;
  /** An open socket. */
  raw(options?: ClientOptions): Promise<RawClient>;
  /** An open socket whose hello was accepted. */
  guest(token: string): Promise<RawClient>;
  stock(): StockClient;
  auth(token: string): { headers: { authorization: string } };
  /** The value of a counter, of all its labels together or of one reason. */
  count(counter: keyof Counters, reason?: string): Promise<number>;
  close(): Promise<void>;
}

function tokens(server: Server, access: FakeAccess): void {
  server.auth.scheme('words', () => ({
    authenticate: (request, h) => {
      const token = /^Bearer (.+)$/.exec(String(request.headers['authorization'] ?? ''))?.[1];
      const caller = token ? access.verify(token) : null;
      if (!caller) throw Boom.unauthorized('The token is not valid.');
      return h.authenticated({ credentials: { caller } });
    },
  }));
  server.auth.strategy('token', 'words');
  server.auth.default('token');
}

function subscriptions(server: Server, access: FakeAccess): void {
  for (const pattern of ['/connections/{id}/operations', '/connections/{id}/operations/{operationId}/log'])
    server.feedSubscription(pattern, {
      authorize: (caller, params) => access.roleOn(caller, Number(params['id'])) !== null,
    });
}

export async function openHouse(options: Partial<RealtimeOptions> = {}): Promise<House> {
  const clock = new FakeClock();
  const access = new FakeAccess(() => clock.now());
  const counters = makeCounters();
  const config: House['config'] = { publicUrl: null, allowedOrigins: [], realtime: 'on', realtimeRollout: 100 };
  const server = Hapi.server({ host: '127.0.0.1', port: 0 });
  await server.register(problems);
  tokens(server, access);
  await server.register({ plugin: realtime, options: { access, counters, config, clock, ...options } });
  subscriptions(server, access);
  const assertPublished = witnessSockets(server);
  await server.start();
  const url = `ws://127.0.0.1:${String(server.info.port)}/realtime` as const;
  const clients: RawClient[] = [];
  const stock: StockClient[] = [];
  const house: House = {
    server,
    access,
    clock,
    counters,
    config: options.config ?? config,
    url,
    async raw(clientOptions) {
      const client = new RawClient(url, clientOptions);
      clients.push(client);
      await client.opened();
      return client;
    },
    async guest(token) {
      const client = await house.raw();
      const answer = await client.hello(token);
      if (answer.statusCode) throw new Error(`hello was refused with ${String(answer.statusCode)}`);
      return client;
    },
    stock() {
      const client = new nesClient.Client(url);
      client.onError = () => {};
      stock.push(client);
      return client;
    },
    auth: (token) => ({ headers: { authorization: `Bearer ${token}` } }),
    async count(name, reason) {
      const metric = counters[name];
      if (!('get' in metric)) throw new Error(`${name} is no counter.`);
      const { values } = await metric.get();
      const wanted = values.filter(
        ({ labels }) => reason === undefined || ('reason' in labels && labels.reason === reason),
      );
      return wanted.reduce((sum, { value }) => sum + Number(value), 0);
    },
    async close() {
      await Promise.all(stock.map((client) => client.disconnect()));
      await Promise.all(clients.map((client) => client.end()));
      await server.stop({ timeout: 1_000 });
      assertPublished();
    },
  };
  return house;
}
