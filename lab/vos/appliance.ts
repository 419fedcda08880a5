/**
 * A simulated Cisco VOS node: an SSH server with the CLI, the certificate REST and a served TLS port, all tied to the state of
 * one Cisco Tomcat. It is a fake made of documented literals; lab/README.md says what in it is unverified.
 */
import type { EventEmitter } from 'node:events';
import { TOMCAT } from './catalogue.js';
import { certmgr } from './certmgr.js';
import { ScaledClock } from './clock.js';
import { liveFaults, noFaults, type FaultName, type Faults } from './faults.js';
import { Identity } from './identity.js';
import { Journal, type AcceptedCommand, type Happenings } from './journal.js';
import type { VosNode } from './node.js';
import { complete, type ApplianceOptions, type Settings } from './options.js';
import { seeded } from './random.js';
import { factoryHostKey, makeRsaKey } from './rsa-keys.js';
import { ServedPorts } from './served-ports.js';
import { Services, type Service, type ServiceState } from './services.js';
import { SshServer } from './ssh-server.js';

export type { ApplianceOptions, Faults, FaultName, ServiceState };

interface Parts {
  node: VosNode;
  ssh: SshServer;
  served: ServedPorts;
  tomcat: TomcatPort;
}

export class Appliance {
  readonly #node: VosNode;
  readonly #ssh: SshServer;
  readonly #served: ServedPorts;
  readonly #tomcat: TomcatPort;

  private constructor({ node, ssh, served, tomcat }: Parts) {
    this.#node = node;
    this.#ssh = ssh;
    this.#served = served;
    this.#tomcat = tomcat;
  }

  static async start(options: ApplianceOptions = {}): Promise<Appliance> {
    const settings = complete(options);
    const [identity, hostKey] = await Promise.all([Identity.create(settings.hostname), factoryHostKey()]);
    const tomcat = new TomcatPort();
    const node = assemble(settings, identity, tomcat);
    const served = await ServedPorts.start({
      host: settings.host,
      ports: [settings.tlsPort, settings.httpsPort],
      answer: certmgr(node),
      credentials: () => identity.tlsCredentials(),
      changed: (open) => node.journal.events.emit('serving', open),
    });
    tomcat.drive(served, node);
    Object.assign(node.faults, settings.faults);
    try {
      return new Appliance({ node, served, tomcat, ssh: await SshServer.start(node, hostKey) });
    } catch (error) {
      tomcat.stop();
      served.close();
      throw error;
    }
  }

  get sshPort(): number {
    return this.#ssh.port;
  }

  /** The port that stands for 8443. */
  get tlsPort(): number {
    return this.#served.numbers[0] ?? 0;
  }

  /** The port that stands for 443. */
  get httpsPort(): number {
    return this.#served.numbers[1] ?? 0;
  }

  get hostname(): string {
    return this.#node.settings.hostname;
  }

  get username(): string {
    return this.#node.settings.username;
  }

  get password(): string {
    return this.#node.settings.password;
  }

  /** As OpenSSH shows it: SHA256:… */
  get hostKeyFingerprint(): string {
    return this.#ssh.fingerprint;
  }

  /** Live: what is assigned holds from then on. */
  get faults(): Faults {
    return this.#node.faults;
  }

  /** Each `utils service restart|stop|start X` that came complete and was carried out. */
  get restarts(): readonly AcceptedCommand[] {
    return this.#node.journal.accepted;
  }

  /** All bytes that came on any CLI, one character each. */
  get received(): string {
    return this.#node.journal.received;
  }

  /** Every complete line that came at a prompt, empty ones too. */
  get commands(): readonly string[] {
    return this.#node.journal.commands;
  }

  /** How often Ctrl-C came. */
  get ctrlC(): number {
    return this.#node.journal.ctrlC;
  }

  /** CLI sessions that are open now. */
  get sessions(): number {
    return this.#ssh.sessions;
  }

  /** The most CLI sessions that were open at once. */
  get mostSessions(): number {
    return this.#node.journal.mostSessions;
  }

  /** TCP connections to the SSH port that are open now, signed in or not. */
  get connections(): number {
    return this.#ssh.connections;
  }

  /** Calls of the certificate REST with the right password, in order: `POST /csr`. */
  get calls(): readonly string[] {
    return this.#node.journal.calls;
  }

  /** Keys and requests that the REST made. */
  get csrs(): number {
    return this.#node.journal.csrs;
  }

  /** Uploads of an identity that came to the REST, refused ones too. */
  get uploads(): number {
    return this.#node.journal.uploads;
  }

  /** Identities that the REST stored. */
  get installs(): number {
    return this.#node.journal.installs;
  }

  /** CA certificates that were uploaded, known ones too. */
  get trusts(): number {
    return this.#node.journal.trusts;
  }

  /** SHA-256 of the stored certificate, as X509Certificate writes it; it is served from the next restart on. */
  get storedFingerprint(): string {
    return this.#node.identity.stored.chain[0]?.fingerprint256 ?? '';
  }

  get logins(): number {
    return this.#node.journal.logins;
  }

  get failedLogins(): number {
    return this.#node.journal.failedLogins;
  }

  /** What happens, when it happens: accepted, state, serving, received, command, login, failedLogin, sessions, connections. */
  get events(): EventEmitter<Happenings> {
    return this.#node.journal.events;
  }

  /** Throws where there is no such service. */
  stateOf(service: string): ServiceState {
    const found = this.#node.services.find(service);
    if (!found) throw new Error(`There is no service ${JSON.stringify(service)} on this appliance.`);
    return found.state;
  }

  /** Since when the TLS ports are open, in milliseconds of the epoch; null while it is closed. */
  servingSince(): number | null {
    return this.#served.since;
  }

  /** A new host key for connections from now on. */
  async changeHostKey(): Promise<void> {
    this.#ssh.useHostKey(await makeRsaKey());
  }

  /** As it was delivered: services, certificates, counters; no faults, nobody connected. The host key stays. */
  reset(): void {
    const { faults, identity, services, journal } = this.#node;
    Object.assign(faults, noFaults());
    this.#ssh.reset();
    identity.reset();
    // So that it serves the first certificate again.
    this.#served.close();
    services.reset();
    journal.reset();
  }

  async stop(): Promise<void> {
    this.#node.clock.stop();
    this.#tomcat.stop();
    this.#served.close();
    await this.#ssh.stop();
  }
}

function assemble(settings: Settings, identity: Identity, tomcat: TomcatPort): VosNode {
  const clock = typeof settings.clock === 'number' ? new ScaledClock(settings.clock) : settings.clock;
  const journal = new Journal();
  const faults = liveFaults((name) => {
    if (name === 'already_stopped' && faults[name]) services.halt(TOMCAT);
  });
  const changed = (service: Service) => {
    tomcat.follow(service);
    journal.events.emit('state', service.name, service.state);
  };
  const { stoppingSeconds, startingSeconds } = settings;
  const services = new Services({ clock, faults, stoppingSeconds, startingSeconds, changed });
  return { settings, clock, faults, journal, services, identity, random: seeded(settings.seed ?? 1) };
}

/** Opens and closes the served ports as Tomcat starts and stops. */
class TomcatPort {
  #served: ServedPorts | null = null;
  #node: VosNode | null = null;
  #cancel: () => void = () => undefined;

  drive(served: ServedPorts, node: VosNode): void {
    this.#served = served;
    this.#node = node;
  }

  follow({ name, state }: Service): void {
    if (name !== TOMCAT) return;
    this.stop();
    if (state !== 'STARTED') return this.#served?.close();
    const node = this.#node as VosNode;
    if (!node.faults.port_closed_for_a_while) return this.#served?.open();
    this.#cancel = node.clock.after(node.settings.portDelaySeconds, () => this.#served?.open());
  }

  stop(): void {
    this.#cancel();
  }
}
