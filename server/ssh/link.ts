/** One ssh2 client on a socket of ours: its events as milestones, its many ways to fail as one first failure. */
import type { Socket } from 'node:net';
import type { Client, NegotiatedAlgorithms, NextAuthHandler } from 'ssh2';
import type { ConnectionTarget } from '../connections/contract.js';
import { offer, OfferedLists } from './algorithms.js';
import type { Authentication } from './authentication.js';
import { closedFailure, failureOf, type Progress } from './failure.js';
import { Identification } from './identification.js';
import { Milestone } from './milestone.js';
import { plainText } from './text.js';

const KEEPALIVE_INTERVAL_MS = 10_000;
const KEEPALIVE_COUNT = 3;
/** Only a last resort: each phase has a time-out of its own. */
const READY_TIMEOUT_MS = 300_000;
const MAX_BANNER = 8192;

export class Link {
  /** The key that the host shows, in wire form; the handshake goes on after `acceptHostKey`. */
  readonly shown = new Milestone<Buffer>();
  readonly exchanged = new Milestone<NegotiatedAlgorithms>();
  readonly ready = new Milestone<void>();
  readonly identification = new Identification();
  readonly #target: ConnectionTarget;
  readonly #lists = new OfferedLists();
  readonly #login = new Milestone<Authentication>();
  #authentication: Authentication | null = null;
  #socket: Socket | null = null;
  #client: Client | null = null;
  #failure: Error | null = null;
  #hostKey: Buffer | null = null;
  #accept: ((valid: boolean) => void) | null = null;
  #banner = '';

  constructor(target: ConnectionTarget) {
    this.#target = target;
  }

  /** Why the link ended; null while it lives. */
  get failure(): Error | null {
    return this.#failure;
  }

  get banner(): string | null {
    return plainText(this.#banner).trim() || null;
  }

  /** The client for commands; only after `ready`. */
  get client(): Client {
    if (!this.#client) throw new Error('The link has not been started.');
    return this.#client;
  }

  /** Takes the socket over, so that it ends with the link; nothing is read from it before `start`. */
  attach(socket: Socket): void {
    this.#socket = socket;
    // Once the client runs it reports the socket's errors itself.
    socket.on('error', (error) => (this.#client ? undefined : this.#failWith(error)));
    if (this.#failure) socket.destroy();
  }

  async start(): Promise<void> {
    const { default: ssh2 } = await import('ssh2');
    const socket = this.#socket;
    if (!socket || this.#failure) return;
    if (socket.destroyed) return this.fail(closedFailure(this.#progress()));
    this.#client = new ssh2.Client();
    this.#listen(this.#client);
    this.#client.connect({
      sock: socket,
      username: this.#target.username,
      algorithms: offer(this.#target),
      readyTimeout: READY_TIMEOUT_MS,
      keepaliveInterval: KEEPALIVE_INTERVAL_MS,
      keepaliveCountMax: KEEPALIVE_COUNT,
      hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => this.#showHostKey(key, verify),
      authHandler: (takes, partialSuccess, next) => this.#authenticate(takes, partialSuccess, next),
      debug: (line) => this.#lists.hear(line),
    });
    socket.on('data', (chunk: Buffer) => this.identification.hear(chunk));
  }

  acceptHostKey(): void {
    this.#accept?.(true);
  }

  /** Lets the sign-in begin; until then ssh2 is kept waiting and no credential leaves. */
  authenticate(authentication: Authentication): void {
    this.#authentication = authentication;
    this.#login.reach(authentication);
  }

  /** Ends the link at once with this failure, unless it has ended before. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const milestone of [this.shown, this.exchanged, this.ready, this.#login]) milestone.miss(this.#failure);
    this.#lists.forget();
    this.#socket?.destroy();
  }

  /** Says goodbye and ends; safe to call twice. */
  close(): void {
    this.#failure ??= new Error('The session was closed.');
    this.#client?.end();
    this.#socket?.destroySoon();
  }

  #listen(client: Client): void {
    // For good: a second error often follows the first, and nobody listening would end the process.
    client.on('error', (error) => this.#failWith(error));
    client.on('close', () => this.fail(closedFailure(this.#progress())));
    client.on('handshake', (negotiated) => {
      this.#lists.forget();
      this.exchanged.reach(negotiated);
    });
    client.on('ready', () => this.ready.reach());
    client.on('banner', (text) => this.#hearBanner(text));
    client.on('change password', () => this.#authentication?.expire());
  }

  /** ssh2 asks again at each new key exchange of a long session; only the key that was accepted passes. */
  #showHostKey(key: Buffer, verify: (valid: boolean) => void): void {
    if (this.#hostKey) return verify(this.#hostKey.equals(key));
    this.#hostKey = Buffer.from(key);
    this.#accept = verify;
    this.shown.reach(this.#hostKey);
  }

  #authenticate(takes: readonly string[] | null, partialSuccess: boolean | null, next: NextAuthHandler): void {
    this.#login.promise
      .then((authentication) => {
        const method = this.#failure ? null : authentication.next(takes, partialSuccess);
        if (method) next(method);
      })
      .catch((error: Error) => this.#failWith(error));
  }

  #hearBanner(text: string): void {
    const login = this.#authentication;
    // What comes before a credential is for everybody; what comes after it is about this account.
    if (login?.credentialSent) login.hear(text);
    else this.#banner = (this.#banner + text).slice(0, MAX_BANNER);
  }

  #failWith(error: Error): void {
    if (!this.#failure) this.fail(failureOf(error, this.#progress()));
  }

  #progress(): Progress {
    return {
      target: this.#target,
      heard: this.identification.heard,
      identified: this.identification.line !== null,
      exchanged: !this.exchanged.open,
      ready: !this.ready.open,
      lists: this.#lists,
      authentication: this.#authentication,
    };
  }
}
