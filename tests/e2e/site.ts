/**
 * Where the stories happen: a Signalbox in a process of its own, with everything between it and people that can go wrong. The same
 * stories run on a site without and on one with Debian's nginx and TLS in front.
 */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Test } from 'tap';
import { Appliance, type ApplianceOptions } from '../../lab/vos/appliance.js';
import { startBrowser } from '../peers/browser.js';
import { startCable, type Cable } from '../peers/cable.js';
import { signIn, startServer, until, type ServerProcess, type Visitor } from '../peers/house.js';
import { startOpenSsh, type OpenSsh } from '../peers/openssh.js';
import { proxyPlace, startProxy, type Proxy } from '../peers/proxy.js';
import { startTcp } from '../peers/tcp-server.js';
import { freePort } from '../peers/ports.js';
import { tempDir } from '../peers/temp.js';
import { startTurnstile, type Turnstile } from '../peers/turnstile.js';
import { connectTo } from '../peers/vos-house.js';
import { Person } from './person.js';

/** So that a story can make tokens that end when it wants them to. */
export const JWT_SECRET = 'a-secret-of-the-stories-that-is-long-enough';

export class Site {
  readonly url: string;
  readonly cable: Cable;
  readonly turnstile: Turnstile;
  readonly sshd: OpenSsh;
  /** Null on the site without one. */
  readonly proxy: Proxy | null;
  /** Broken policies and uncaught errors of every page so far. */
  readonly complaints: string[] = [];
  readonly #browsers: readonly Browser[];
  readonly #silent: Awaited<ReturnType<typeof startTcp>>;
  readonly #start: () => Promise<ServerProcess>;
  readonly #removeRoom: () => Promise<void>;
  #server: ServerProcess;

  private constructor(parts: {
    url: string;
    cable: Cable;
    turnstile: Turnstile;
    sshd: OpenSsh;
    proxy: Proxy | null;
    browsers: readonly Browser[];
    silent: Awaited<ReturnType<typeof startTcp>>;
    start: () => Promise<ServerProcess>;
    server: ServerProcess;
    removeRoom: () => Promise<void>;
  }) {
    this.url = parts.url;
    this.cable = parts.cable;
    this.turnstile = parts.turnstile;
    this.sshd = parts.sshd;
    this.proxy = parts.proxy;
    this.#browsers = parts.browsers;
    this.#silent = parts.silent;
    this.#start = parts.start;
    this.#server = parts.server;
    this.#removeRoom = parts.removeRoom;
  }

  /** People → cable → (nginx with TLS →) turnstile → server. */
  static async open({ behindNginx }: { behindNginx: boolean }): Promise<Site> {
    const [cable, room, port, place] = await Promise.all([startCable(), tempDir(), freePort(), proxyPlace()]);
    const url = `${behindNginx ? 'https' : 'http'}://127.0.0.1:${cable.port}`;
    const trusted = behindNginx ? { SIGNALBOX_TRUSTED_PROXIES: '127.0.0.1' } : {};
    const settings = { SIGNALBOX_JWT_SECRET: JWT_SECRET, SIGNALBOX_LEASE_SECONDS: '3', SIGNALBOX_PUBLIC_URL: url };
    const start = () => startServer(room.path, { PORT: String(port), ...settings, ...trusted });
    const [server, turnstile, sshd, silent, ...browsers] = await Promise.all([
      start(),
      startTurnstile(port),
      startOpenSsh(),
      startTcp(() => undefined),
      startBrowser(),
      startBrowser(),
    ]);
    const proxy = behindNginx ? await startProxy([turnstile.host], { ...place, url }) : null;
    cable.leadTo(Number((proxy ? place.secure : turnstile.host).split(':')[1]));
    const removeRoom = () => room.remove();
    return new Site({ url, cable, turnstile, sshd, proxy, browsers, silent, start, server, removeRoom });
  }

  /** Past everything that can go wrong, so that a test knows what the store holds. */
  admin(): Promise<Visitor> {
    return signIn(this.#server.url);
  }

  /** Somebody at a machine of his own, in the first or the second browser. */
  async person(t: Test, options: BrowserContextOptions = {}, browser: 0 | 1 = 0): Promise<Person> {
    const chosen = this.#browsers[browser];
    if (!chosen) throw new Error('the site is closed');
    const person = await Person.at(chosen, this.url, this.complaints, { ignoreHTTPSErrors: true, ...options });
    t.teardown(() => person.leave());
    return person;
  }

  async #connect(name: string, port: number): Promise<number> {
    const { user: username, password } = this.sshd;
    const host = { platform: 'linux', hostname: '127.0.0.1', port, username, password };
    const made = await (await this.admin()).call('POST', '/connections', { name, ...host });
    if (made.status !== 201) throw new Error(`the connection: ${made.status} ${made.text}`);
    return Number(made.body['id']);
  }

  /** A connection to a real sshd: its test ends at once, and well. */
  sound = (name: string): Promise<number> => this.#connect(name, this.sshd.port);
  /** One to a host that takes connections and says nothing: its test runs until it is cancelled or gives up. */
  silent = (name: string): Promise<number> => this.#connect(name, this.#silent.port);

  /** Resolves when so many operations have run there and none runs. */
  async ended(who: Visitor, id: number, times: number): Promise<void> {
    const path = `/connections/${id}/operations?limit=200`;
    await until(
      async () => (await who.call('GET', path)).body['operations'] as { completedAt: string | null }[],
      (all) => all.length >= times && all.every(({ completedAt }) => completedAt !== null),
    );
  }

  /** One to an appliance that restarts its service in about twelve seconds, or stays in the middle of it. */
  async appliance(t: Test, options: ApplianceOptions = {}): Promise<{ appliance: Appliance; id: number }> {
    const appliance = await Appliance.start({ clock: 25, ...options });
    t.teardown(() => appliance.stop());
    const platformSettings = { servedPort: appliance.tlsPort, restartTimeoutSeconds: 120 };
    return { appliance, id: await connectTo(await this.admin(), appliance, { platformSettings }) };
  }

  /** As a power cut would. */
  kill = (): Promise<void> => this.#server.kill();
  /** As an operator would. */
  async terminate(): Promise<void> {
    await this.#server.stop();
  }

  /** After `kill` or `terminate`. */
  async startAgain(): Promise<void> {
    this.#server = await this.#start();
  }

  async close(): Promise<void> {
    await Promise.all(this.#browsers.map((browser) => browser.close()));
    await this.proxy?.stop();
    await this.cable.stop();
    await this.turnstile.stop();
    await this.#server.stop();
    await this.#silent.stop();
    await this.sshd.stop();
    await this.#removeRoom();
  }
}
