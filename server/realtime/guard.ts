/**
 * Stands between the network and nes: every message is read, measured and counted before nes sees it, and the messages of one
 * socket go to nes strictly one after another. Whatever still goes wrong ends that socket and nothing else.
 */
import Boom from '@hapi/boom';
import type { Access, Caller } from '../access/contract.js';
import { isListedOrigin } from '../embed/origins.js';
import type { Counters } from '../watching/counters.js';
import { Bucket } from './bucket.js';
import type { Clock, Limits } from './contract.js';
import { readFrame, type Frame } from './frames.js';
import { Inbox } from './inbox.js';
import { handOver, type NesSocket, type RawSocket } from './nes-internals.js';
import type { Peer } from './peer.js';
import { POLICY, type Peers } from './peers.js';
import type { Subscriptions } from './subscriptions.js';

export interface GuardParts {
  access: Access;
  counters: Counters;
  clock: Clock;
  limits: Limits;
  peers: Peers;
  subscriptions: Subscriptions;
  /** Hears of what nes could not bear in spite of all checks. */
  onError: (error: unknown) => void;
}

export class Guard {
  readonly #parts: GuardParts;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Takes a new socket in. It is nobody's until its hello is accepted. */
  open(socket: NesSocket, ws: RawSocket, { network, origin }: Pick<Peer, 'network' | 'origin'>): void {
    const { clock, limits, peers } = this.#parts;
    const openedAtMs = clock.elapsed();
    const peer: Peer = {
      socket,
      ws,
      network,
      origin,
      openedAtMs,
      heardAtMs: openedAtMs,
      bucket: new Bucket(limits.messagesPerSecond, limits.messageBurst, openedAtMs),
      inbox: new Inbox((error) => this.#fail(peer, error)),
      caller: null,
      countedAs: null,
      subscriptions: new Map(),
      revoking: new Set(),
      stall: null,
      ended: false,
    };
    peers.add(peer);
    ws.on('message', (data, isBinary) => this.#receive(peer, data, isBinary));
    ws.on('ping', () => this.#meter(peer));
    ws.on('pong', () => this.#meter(peer));
    ws.on('error', (error) => this.#broken(peer, error));
  }

  /** nes has checked the token of a hello and asks whether the socket may stay. */
  admit(socket: NesSocket): void {
    const { access, limits, peers } = this.#parts;
    const peer = peers.of(socket);
    const caller = socket.auth.credentials?.caller;
    if (!peer || peer.ended) throw Boom.forbidden('The socket is closed.');
    if (!caller || access.roleOf(caller) === null) throw this.#refuse(peer, 'token');
    this.#checkOrigin(peer, caller);
    if (peers.ofSubject(caller) >= limits.socketsPerUser) throw this.#refuse(peer, 'user_sockets');
    peers.admit(peer, caller);
  }

  /** nes has set new credentials: by a hello, which `admit` sees next, or by a reauth, which must be the same user's. */
  authenticated(socket: NesSocket): void {
    const peer = this.#parts.peers.of(socket);
    const caller = socket.auth.credentials?.caller;
    if (!peer || peer.ended) throw Boom.forbidden('The socket is closed.');
    if (!peer.caller) return;
    if (caller?.userId !== peer.caller.userId) throw this.#refuse(peer, 'reauth');
    this.#checkOrigin(peer, caller);
    peer.caller = caller;
    this.#parts.subscriptions.recheck(peer);
  }

  /** What the page itself says in a hello proves nothing; the origin is that of the upgrade. */
  #checkOrigin(peer: Peer, { embed }: Caller): void {
    if (embed && !isListedOrigin(embed, peer.origin)) throw this.#refuse(peer, 'embed_origin');
  }

  #receive(peer: Peer, data: Buffer, isBinary: boolean): void {
    if (peer.ended || !this.#meter(peer)) return;
    const frame = readFrame(data, isBinary);
    if ('refusal' in frame) this.#refuse(peer, frame.refusal);
    else if (peer.inbox.length >= this.#parts.limits.queuedMessages) this.#refuse(peer, 'queue');
    else peer.inbox.push(() => this.#process(peer, frame));
  }

  /** Hears a sign of life and takes it from the socket's allowance. */
  #meter(peer: Peer): boolean {
    peer.heardAtMs = this.#parts.clock.elapsed();
    if (peer.bucket.take(peer.heardAtMs)) return true;
    this.#refuse(peer, 'rate');
    return false;
  }

  async #process(peer: Peer, frame: Frame): Promise<void> {
    if (!peer.caller && frame.type !== 'hello') this.#refuse(peer, 'early');
    else await handOver(peer.socket, frame.text);
  }

  /** Counts a refused message and ends its socket; the returned error is for nes, whose answer nobody hears any more. */
  #refuse(peer: Peer, reason: string): Boom.Boom {
    if (!peer.ended) this.#parts.counters.refusedFrames.inc({ reason });
    this.#parts.peers.close(peer, POLICY, 'The message is refused.');
    return Boom.forbidden('The message is refused.');
  }

  #broken(peer: Peer, error: Error & { code?: string }): void {
    const tooLarge = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    if (!peer.ended) this.#parts.counters.refusedFrames.inc({ reason: tooLarge ? 'size' : 'protocol' });
  }

  #fail(peer: Peer, error: unknown): void {
    // A socket that closed while nes worked for it rejects as well; that is no trouble of ours.
    if (!peer.ended) {
      this.#parts.counters.refusedFrames.inc({ reason: 'error' });
      this.#parts.onError(error);
    }
    this.#parts.peers.terminate(peer);
  }
}
