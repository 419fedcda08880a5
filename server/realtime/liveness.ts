/**
 * The heartbeat, in nes' words: the client answers each `ping` with one of its own. nes' own loop waits for one socket after the
 * other, so that a stalled one has the healthy ones closed; ours is one shared frame. Who stays silent is ended by the sweep.
 */
import type { Outlet, OutgoingFrame } from './outlet.js';
import type { Peers } from './peers.js';

export class Liveness {
  readonly #peers: Peers;
  readonly #outlet: Outlet;
  readonly #ping: OutgoingFrame;

  constructor(peers: Peers, outlet: Outlet) {
    this.#peers = peers;
    this.#outlet = outlet;
    this.#ping = outlet.frame('{"type":"ping"}');
  }

  beat(): void {
    for (const peer of this.#peers) if (peer.caller) this.#outlet.send(peer, this.#ping);
  }
}
