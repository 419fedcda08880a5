/** Who may listen to what: asked at each subscribe, and again whenever rights may have changed. */
import Boom from '@hapi/boom';
import type { Server } from '@hapi/hapi';
import type { Counters } from '../watching/counters.js';
import type { Limits, SubscriptionRules } from './contract.js';
import type { NesSocket } from './nes-internals.js';
import type { Peer, Subscription } from './peer.js';
import type { Peers } from './peers.js';
import type { Topics } from './topics.js';

const PATTERN = /^(?:\/(?:[a-z0-9_-]+|\{[A-Za-z]\w*\}))+$/;

/** The stock client tells its page of a revoke only where it carries a message. */
const REVOKED = { reason: 'You may no longer see this.' };

export interface SubscriptionParts {
  server: Server;
  peers: Peers;
  topics: Topics;
  limits: Limits;
  counters: Counters;
}

export class Subscriptions {
  readonly #parts: SubscriptionParts;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
  }

  define(pattern: string, rules: SubscriptionRules): void {
    if (!PATTERN.test(pattern))
      throw new Error(`feedSubscription: expected a path of lower-case words and {params}, got: ${pattern}`);
    this.#parts.server.subscription(pattern, {
      auth: { mode: 'required' },
      onSubscribe: (socket, path, params) =>
        this.#subscribe(socket, path, { rules, params: params as Record<string, string> }),
      onUnsubscribe: (socket, path) => this.#unsubscribe(socket, path),
    });
  }

  /** Answers every path that nobody defined as a forbidden one, so that the difference tells nothing. */
  defineRest(): void {
    this.#parts.server.subscription('/{any*}', {
      auth: { mode: 'required' },
      onSubscribe: () => this.#refuse('unknown'),
    });
  }

  /** Takes from a socket what its caller may no longer see, and tells it so by `revoke`. */
  recheck(peer: Peer): void {
    for (const [path, subscription] of peer.subscriptions)
      if (!this.#allows(peer, subscription)) this.#revoke(peer, path);
  }

  // Synchronous, so that nothing can be published, closed or unsubscribed between the question and the entry.
  #subscribe(socket: NesSocket, path: string, subscription: Subscription): void {
    const { peers, topics, limits, counters } = this.#parts;
    const peer = peers.of(socket);
    if (!peer || peer.ended || !this.#allows(peer, subscription)) return this.#refuse('forbidden');
    if (peer.subscriptions.size >= limits.subscriptionsPerSocket) return this.#refuse('limit');
    peer.subscriptions.set(path, subscription);
    topics.add(path, peer);
    counters.subscriptions.set(topics.size);
  }

  #unsubscribe(socket: NesSocket, path: string): void {
    const peer = this.#parts.peers.of(socket);
    if (!peer) return;
    this.#drop(peer, path);
    peer.revoking.delete(path);
  }

  #drop(peer: Peer, path: string): void {
    const { topics, counters } = this.#parts;
    peer.subscriptions.delete(path);
    topics.remove(path, peer);
    counters.subscriptions.set(topics.size);
  }

  /** Nothing more is delivered from here on; `revoke` itself waits its turn, or it could overtake the answer to its own `sub`. */
  #revoke(peer: Peer, path: string): void {
    this.#drop(peer, path);
    peer.revoking.add(path);
    peer.inbox.push(async () => {
      if (peer.revoking.delete(path)) await peer.socket.revoke(path, REVOKED, { ignoreClose: true });
    });
  }

  #allows(peer: Peer, { rules, params }: Subscription): boolean {
    if (!peer.caller) return false;
    try {
      return rules.authorize(peer.caller, params);
    } catch (error) {
      // A question that fails is answered as any doubt is: no.
      this.#parts.server.log(['realtime', 'error'], { err: error });
      return false;
    }
  }

  #refuse(reason: 'forbidden' | 'unknown' | 'limit'): never {
    this.#parts.counters.refusedSubscriptions.inc({ reason });
    throw reason === 'limit'
      ? Boom.tooManyRequests('This socket has too many subscriptions.')
      : Boom.forbidden('This subscription is refused.');
  }
}
