/** The live feed: @hapi/nes behind our guard, with our own topic index, heartbeat and way out. */
import { randomBytes } from 'node:crypto';
import type { Plugin, Server } from '@hapi/hapi';
import nes from '@hapi/nes';
import { systemClock } from './clock.js';
import type { Limits, RealtimeOptions } from './contract.js';
import { makeDoor, makeNetworkOf } from './door.js';
import { drain } from './drain.js';
import { makeFeed } from './feed.js';
import { Guard } from './guard.js';
import { defaultHeartbeat, defaultLimits } from './limits.js';
import { Liveness } from './liveness.js';
import { sharedFrames, takeOver, type RawServer } from './nes-internals.js';
import { Outlet } from './outlet.js';
import { Peers } from './peers.js';
import { Subscriptions } from './subscriptions.js';
import { RECHECK_MS, Sweep, SWEEP_MS } from './sweep.js';
import { Topics } from './topics.js';
import { transportRoute } from './transport.js';

type Settings = RealtimeOptions &
  Required<Pick<RealtimeOptions, 'heartbeat' | 'authRoute' | 'clock'>> & { limits: Limits };

function settingsOf(options: RealtimeOptions): Settings {
  const heartbeat = options.heartbeat ?? defaultHeartbeat;
  if (!(heartbeat.timeoutMs > 0 && heartbeat.timeoutMs < heartbeat.intervalMs))
    throw new Error('realtime: expected heartbeat.timeoutMs to be less than heartbeat.intervalMs.');
  return {
    ...options,
    heartbeat,
    authRoute: options.authRoute ?? 'token',
    clock: options.clock ?? systemClock,
    limits: { ...defaultLimits, ...options.limits },
  };
}

function nesOptions({ authRoute, heartbeat }: Settings, onConnection: (socket: Parameters<Guard['admit']>[0]) => void) {
  return {
    onConnection,
    auth: {
      type: 'direct' as const,
      route: authRoute,
      // Nobody can know the name: nes takes a cookie of it as a login.
      cookie: `nes-${randomBytes(16).toString('hex')}`,
      index: false,
      // The sweep has its own deadline: nes' ends with the first token, even a refused one.
      timeout: false as const,
    },
    heartbeat: { interval: heartbeat.intervalMs, timeout: heartbeat.timeoutMs },
  };
}

function limitSockets(wss: RawServer, limits: Limits): void {
  wss.options.maxPayload = limits.messageBytes;
  wss.options.maxFragments = limits.messageFragments;
  wss.options.maxBufferedChunks = limits.messageChunks;
  wss.options.closeTimeout = limits.closeTimeoutMs;
}

interface Core {
  topics: Topics;
  peers: Peers;
  subscriptions: Subscriptions;
  guard: Guard;
}

function makeCore(server: Server, settings: Settings, onError: (error: unknown) => void): Core {
  const { access, counters, clock, limits } = settings;
  const topics = new Topics();
  const peers = new Peers(topics, counters);
  const subscriptions = new Subscriptions({ server, peers, topics, limits, counters });
  const guard = new Guard({ access, counters, clock, limits, peers, subscriptions, onError });
  return { topics, peers, subscriptions, guard };
}

/** Registers nes and takes its place at once: it is never reachable without the guard. */
async function registerGuarded(server: Server, settings: Settings, { peers, guard }: Core): Promise<RawServer> {
  await server.register({ plugin: nes.plugin, options: nesOptions(settings, (socket) => guard.admit(socket)) });
  const networkOf = makeNetworkOf(settings.addressOf);
  const wss = takeOver(server, {
    opened: (socket, ws, request) =>
      guard.open(socket, ws, { network: networkOf(request), origin: request.headers.origin }),
    authenticated: (socket) => guard.authenticated(socket),
  });
  limitSockets(wss, settings.limits);
  let isDraining = false;
  wss.options.verifyClient = makeDoor({ ...settings, peers, networkOf, isDraining: () => isDraining });
  const stop = () => {
    isDraining = true;
    return drain(peers);
  };
  server.ext('onPreStop', stop, { before: '@hapi/nes' });
  return wss;
}

/** Timers and listeners live from start to stop. */
function keepAlive(server: Server, settings: Settings, sweep: Sweep, liveness: Liveness): void {
  const { access, clock, heartbeat } = settings;
  let unbinds: (() => void)[] = [];
  server.ext('onPreStart', () => {
    unbinds = [
      clock.every(SWEEP_MS, () => sweep.run()),
      clock.every(RECHECK_MS, () => sweep.recheck()),
      clock.every(heartbeat.intervalMs, () => liveness.beat()),
      access.onChange(() => sweep.recheckSoon()),
    ];
  });
  server.ext('onPreStop', () => {
    for (const unbind of unbinds.splice(0)) unbind();
  });
}

export const realtime: Plugin<RealtimeOptions> = {
  name: 'signalbox-realtime',
  async register(server, options) {
    const settings = settingsOf(options);
    const onError = (error: unknown) => server.log(['realtime', 'error'], { err: error });
    const core = makeCore(server, settings, onError);
    const { topics, subscriptions } = core;
    const wss = await registerGuarded(server, settings, core);
    const outlet = new Outlet({ ...settings, ...core, frames: sharedFrames(wss, onError) });
    keepAlive(server, settings, new Sweep({ ...settings, ...core, outlet }), new Liveness(core.peers, outlet));
    subscriptions.defineRest();
    server.decorate('server', 'feed', makeFeed(topics, outlet));
    const patterns: string[] = [];
    server.expose('patterns', patterns);
    server.decorate('server', 'feedSubscription', (pattern, rules) => {
      subscriptions.define(pattern, rules);
      patterns.push(pattern);
    });
    server.route(transportRoute(settings.config, settings.authRoute));
  },
};
