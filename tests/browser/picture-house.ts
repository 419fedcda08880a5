/** A house for pictures: connections that went well and badly, a restart in its middle, certificates that are served, due and stopped. */
import { Appliance, type ApplianceOptions } from '../../lab/vos/appliance.js';
import { ADMIN_PASSWORD, signIn, startHouse, until, type LocalHouse, type Visitor } from '../peers/house.js';
import { makePair } from '../peers/key-pair.js';
import { startOpenSsh, type OpenSsh } from '../peers/openssh.js';
import { addAuthority, addSite, renewed, startRenewal, startWorld, type RenewalWorld } from '../peers/renewal-world.js';
import { generateKey } from '../peers/ssh-keys.js';
import { startTcp } from '../peers/tcp-server.js';
import { startTlsNginx } from '../peers/tls-nginx.js';

/** So that two minutes of the appliance's restart have passed while the page still counts down from five. */
const CLOCK = 10;

type Row = Record<string, unknown>;
const isOver = ({ completedAt }: Row) => completedAt !== null;

export class PictureHouse {
  readonly house: LocalHouse;
  admin: Visitor;
  readonly #sshd: OpenSsh;
  readonly #world: RenewalWorld;
  readonly #silent: Awaited<ReturnType<typeof startTcp>>;
  readonly #privateKey: string;
  readonly #ends: (() => Promise<unknown>)[] = [];

  private constructor(
    house: LocalHouse,
    admin: Visitor,
    peers: { sshd: OpenSsh; world: RenewalWorld; silent: Awaited<ReturnType<typeof startTcp>>; privateKey: string },
  ) {
    this.house = house;
    this.admin = admin;
    this.#sshd = peers.sshd;
    this.#world = peers.world;
    this.#silent = peers.silent;
    this.#privateKey = peers.privateKey;
  }

  static async open(): Promise<PictureHouse> {
    const key = await generateKey({ type: 'ed25519' });
    const config = { Subsystem: 'sftp internal-sftp' };
    const [world, sshd, silent] = await Promise.all([
      startWorld(),
      startOpenSsh({ authorizedKeys: [key.publicKey.trim()], config }),
      startTcp(() => undefined),
    ]);
    const house = await startHouse({ SIGNALBOX_LEASE_SECONDS: '30', ...world.env });
    const admin = await signIn(house.url);
    return new PictureHouse(house, admin, { sshd, world, silent, privateKey: key.privateKey });
  }

  async connect(name: string, password = this.#sshd.password, port = this.#sshd.port): Promise<number> {
    const host = { platform: 'linux', hostname: '127.0.0.1', port, username: this.#sshd.user, password };
    return Number((await this.admin.call('POST', '/connections', { name, ...host })).body['id']);
  }

  /** One whose host says nothing: its test runs on. */
  connectSilent(name: string): Promise<number> {
    return this.connect(name, 'unused', this.#silent.port);
  }

  async #ended(path: string, reached = isOver): Promise<void> {
    await until(async () => (await this.admin.call('GET', path)).body, reached, 120_000);
  }

  async #begin(id: number, type: string): Promise<string> {
    const started = await this.admin.call('POST', `/connections/${id}/operations/${type}`);
    return started.headers.get('location') ?? '';
  }

  async test(id: number): Promise<void> {
    await this.#ended(await this.#begin(id, 'ssh_test'));
  }

  /** Starts one that nobody waits for. */
  async testOn(id: number): Promise<void> {
    await this.#begin(id, 'ssh_test');
  }

  async changeHostKey(id: number): Promise<void> {
    await this.#sshd.replaceHostKey();
    await this.test(id);
  }

  async #appliance(name: string, options: ApplianceOptions): Promise<{ appliance: Appliance; id: number }> {
    const appliance = await Appliance.start(options);
    this.#ends.push(() => appliance.stop());
    const { username, password, sshPort: port } = appliance;
    const body = { name, platform: 'vos', hostname: '127.0.0.1', port, username, password };
    const platformSettings = { servedPort: appliance.tlsPort, restartTimeoutSeconds: 300 };
    const services = ['Cisco Tomcat', 'Cisco DirSync'];
    const made = await this.admin.call('POST', '/connections', { ...body, platformSettings, services });
    return { appliance, id: Number(made.body['id']) };
  }

  async restarted(name: string, options: ApplianceOptions): Promise<number> {
    const { id } = await this.#appliance(name, { clock: 1000, ...options });
    await this.#ended(await this.#begin(id, 'service_restart'));
    return id;
  }

  /** Held where the service is starting, until `goOn`. */
  async restarting(name: string): Promise<{ id: number; goOn(): void }> {
    const { appliance, id } = await this.#appliance(name, { clock: CLOCK });
    const path = await this.#begin(id, 'service_restart');
    const isStarting = ({ step, progress }: Row) =>
      (step as { key: string } | null)?.key === 'starting' && Number(progress) > 24;
    await this.#ended(path, isStarting);
    // The picture is of this very moment; the appliance would be done before the last one is taken.
    appliance.faults.hang = true;
    return { id, goOn: () => void (appliance.faults.hang = false) };
  }

  async #site(name: string, host: string, more: object = {}): Promise<number> {
    const site = await startTlsNginx(await makePair(host));
    this.#ends.push(() => site.stop());
    const login = { port: this.#sshd.port, username: 'root', privateKey: this.#privateKey };
    const id = await addSite(this.admin, login, site, { names: [host], ...more });
    await this.admin.call('PATCH', `/connections/${id}`, { name });
    return id;
  }

  /** Certificates: one new and served, one whose CA did not answer, and one in the middle of its renewal when this resolves. */
  async certificates(): Promise<void> {
    await addAuthority(this.admin, this.#world, { name: 'Example Trust' });
    const automatic = { renewal: { automatic: true } };
    const portal = await this.#site('portal-01', 'portal.web.test', automatic);
    const mail = await this.#site('mail-02', 'mail.web.test', automatic);
    const shop = await this.#site('shop-03', 'shop.web.test');
    await renewed(this.admin, portal);
    this.#world.front.hold('finalize', 'before');
    await renewed(this.admin, mail);
    this.#world.front.hold('finalize', 'before');
    await startRenewal(this.admin, shop);
    await this.#world.front.reached('finalize', 'before');
  }

  /** Done, the guide for newcomers goes away; whoever is signed in has to do it again. */
  async changePassword(password: string): Promise<void> {
    const change = { password, currentPassword: ADMIN_PASSWORD };
    const answer = await this.admin.call('PATCH', '/users/admin', change);
    if (answer.status !== 200) throw new Error(`the password: ${answer.status} ${answer.text}`);
    this.admin = await signIn(this.house.url, 'admin', password);
  }

  async close(): Promise<void> {
    this.#world.front.release();
    await this.house.stop();
    await Promise.all(this.#ends.map((end) => end()));
    await this.#silent.stop();
    await this.#sshd.stop();
    await this.#world.stop();
  }
}
