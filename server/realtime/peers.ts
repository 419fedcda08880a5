/** All open sockets, counted by address and by user, and the one place where a socket is ended. */
import type { Caller } from '../access/contract.js';
import type { Counters } from '../watching/counters.js';
import type { NesSocket } from './nes-internals.js';
import type { Peer } from './peer.js';
import type { Topics } from './topics.js';

/** RFC 6455 §7.4.1: policy violation, and service restart (IANA registry). */
export const POLICY = 1008;
export const RESTART = 1012;

class Tally<K> {
  readonly #counts = new Map<K, number>();

  of(key: K): number {
    return this.#counts.get(key) ?? 0;
  }

  raise(key: K): void {
    this.#counts.set(key, this.of(key) + 1);
  }

  lower(key: K): void {
    const count = this.of(key) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}

/** A user's sockets are counted together. All users of a portal have tokens of one maker, so there each token counts alone. */
const subjectOf = ({ embed, tokenId, userId }: Caller): string => (embed ? `token:${tokenId}` : `user:${userId}`);

export class Peers {
  readonly #topics: Topics;
  readonly #counters: Counters;
  readonly #open = new Set<Peer>();
  readonly #bySocket = new WeakMap<NesSocket, Peer>();
  readonly #networks = new Tally<string>();
  readonly #subjects = new Tally<string>();

  constructor(topics: Topics, counters: Counters) {
    this.#topics = topics;
    this.#counters = counters;
  }

  [Symbol.iterator](): IterableIterator<Peer> {
    return this.#open.values();
  }

  get size(): number {
    return this.#open.size;
  }

  of(socket: NesSocket): Peer | undefined {
    return this.#bySocket.get(socket);
  }

  fromNetwork(network: string): number {
    return this.#networks.of(network);
  }

  ofSubject(caller: Caller): number {
    return this.#subjects.of(subjectOf(caller));
  }

  add(peer: Peer): void {
    this.#open.add(peer);
    this.#bySocket.set(peer.socket, peer);
    this.#networks.raise(peer.network);
    this.#counters.sockets.set(this.#open.size);
    peer.ws.on('close', () => this.#forget(peer));
  }

  admit(peer: Peer, caller: Caller): void {
    peer.caller = caller;
    peer.countedAs = subjectOf(caller);
    this.#subjects.raise(peer.countedAs);
  }

  /** Ends it politely, and takes it out of every topic at once: the other side may never answer the close. */
  close(peer: Peer, code: number, reason: string): void {
    if (peer.ended) return;
    this.#leave(peer);
    peer.ws.close(code, reason);
  }

  /** Ends it now: for one that does not read. */
  terminate(peer: Peer): void {
    this.#leave(peer);
    peer.ws.terminate();
  }

  #leave(peer: Peer): void {
    if (peer.ended) return;
    peer.ended = true;
    peer.inbox.close();
    for (const path of peer.subscriptions.keys()) this.#topics.remove(path, peer);
    peer.subscriptions.clear();
    peer.revoking.clear();
    // A reauth may have brought another token meanwhile.
    if (peer.countedAs !== null) this.#subjects.lower(peer.countedAs);
    this.#counters.subscriptions.set(this.#topics.size);
  }

  #forget(peer: Peer): void {
    this.#leave(peer);
    if (!this.#open.delete(peer)) return;
    this.#networks.lower(peer.network);
    this.#counters.sockets.set(this.#open.size);
  }
}
