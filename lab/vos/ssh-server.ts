/** The SSH side: a CLI over pty and shell, and nothing else (no exec, no SFTP, no forwarding). */
import { createHash, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import ssh2, { type Connection, type ParsedKey, type Session as SshSession } from 'ssh2';
import { algorithms, identification } from './algorithms.js';
import { Lockout } from './lockout.js';
import type { VosNode } from './node.js';
import { pemOf } from './rsa-keys.js';
import { Session } from './session.js';
import { signIn } from './sign-in.js';

/** `set session maxlimit`: 10 by default (CLI guide). */
const MOST_SESSIONS = 10;

export class SshServer {
  readonly #node: VosNode;
  readonly #lockout: Lockout;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<Session>();
  readonly #server: Server;
  #hostKey: string;

  private constructor(node: VosNode, hostKey: KeyObject) {
    this.#node = node;
    this.#lockout = new Lockout(node.clock);
    this.#hostKey = pemOf(hostKey);
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(node: VosNode, hostKey: KeyObject): Promise<SshServer> {
    const ssh = new SshServer(node, hostKey);
    ssh.#server.listen({ host: node.settings.host, port: node.settings.sshPort });
    await once(ssh.#server, 'listening');
    return ssh;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** Open TCP connections, signed in or not. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** As OpenSSH shows it: SHA256:… */
  get fingerprint(): string {
    const key = ssh2.utils.parseKey(this.#hostKey) as ParsedKey;
    return `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/u, '')}`;
  }

  /** For connections from now on. */
  useHostKey(key: KeyObject): void {
    this.#hostKey = pemOf(key);
  }

  reset(): void {
    this.#lockout.reset();
    for (const session of this.#sessions) this.#end(session);
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const tell = () => this.#node.journal.events.emit('connections', this.#sockets.size);
    this.#sockets.add(socket);
    tell();
    socket.once('close', () => {
      this.#sockets.delete(socket);
      tell();
    });
    const profile = this.#node.settings.algorithms;
    const config = { hostKeys: [this.#hostKey], algorithms: algorithms[profile], ident: identification[profile] };
    // A server for each connection: that is how ssh2 tells which socket is whose.
    new ssh2.Server(config, (client) => this.#welcome(client, socket)).injectSocket(socket);
  }

  #welcome(client: Connection, socket: Socket): void {
    const { settings, journal } = this.#node;
    // Cut connections and failed handshakes are daily bread here; the socket closes in each case.
    client.on('error', () => undefined);
    signIn(client, { settings, lockout: this.#lockout, journal });
    client.on('session', (accept) => this.#offerShell(accept(), client, socket));
  }

  #offerShell(session: SshSession, client: Connection, socket: Socket): void {
    let hasTerminal = false;
    session.on('pty', (accept) => {
      hasTerminal = true;
      accept?.();
    });
    session.on('window-change', (accept) => accept?.());
    session.on('shell', (accept, reject) => {
      if (hasTerminal && this.#sessions.size < MOST_SESSIONS) return this.#open(accept(), client, socket);
      reject();
      if (hasTerminal) client.end();
    });
  }

  #open(channel: ssh2.ServerChannel, client: Connection, socket: Socket): void {
    const session = new Session({
      node: this.#node,
      channel,
      destroy: () => socket.destroy(),
      destroySoon: () => socket.destroySoon(),
      leave: () => {
        channel.exit(0);
        channel.end();
        client.end();
      },
    });
    this.#sessions.add(session);
    this.#node.journal.sessions(this.#sessions.size);
    const end = () => this.#end(session);
    channel.once('close', end);
    socket.once('close', end);
    void session.run();
  }
  #end(session: Session): void {
    session.end();
    if (this.#sessions.delete(session)) this.#node.journal.sessions(this.#sessions.size);
  }
}
