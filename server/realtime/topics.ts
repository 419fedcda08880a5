/** Who listens to which path: path → sockets, so that a publish costs what its own subscribers cost. */
import type { Peer } from './peer.js';

export class Topics {
  readonly #peers = new Map<string, Set<Peer>>();
  #size = 0;

  /** How many subscriptions there are. */
  get size(): number {
    return this.#size;
  }

  /** How many paths have a subscriber. */
  get paths(): number {
    return this.#peers.size;
  }

  /** Every path that has a subscriber. */
  names(): Iterable<string> {
    return this.#peers.keys();
  }

  of(path: string): ReadonlySet<Peer> | undefined {
    return this.#peers.get(path);
  }

  add(path: string, peer: Peer): void {
    const peers = this.#peers.get(path) ?? new Set();
    if (peers.has(peer)) return;
    this.#peers.set(path, peers.add(peer));
    this.#size++;
  }

  remove(path: string, peer: Peer): void {
    const peers = this.#peers.get(path);
    if (!peers?.delete(peer)) return;
    this.#size--;
    if (peers.size === 0) this.#peers.delete(path);
  }
}
