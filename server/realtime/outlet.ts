/**
 * The way out: one frame for many sockets, each corked from its first frame in a tick to the tick's end, so that a burst is one
 * write. A socket that does not read is ended; nothing is buffered for it without end, and nobody waits for it.
 */
import type { Counters } from '../watching/counters.js';
import type { Limits } from './contract.js';
import type { SharedFrames } from './nes-internals.js';
import type { Peer } from './peer.js';
import type { Peers } from './peers.js';

const OPEN = 1;

/** Its text, and its bytes where they can be shared. */
export interface OutgoingFrame {
  text: string;
  bytes: Buffer | null;
}

export interface OutletParts {
  frames: SharedFrames | null;
  peers: Peers;
  counters: Counters;
  limits: Limits;
}

export class Outlet {
  readonly #parts: OutletParts;
  #corked = new Set<Peer>();

  constructor(parts: OutletParts) {
    this.#parts = parts;
  }

  frame(text: string): OutgoingFrame {
    return { text, bytes: this.#parts.frames?.make(text) ?? null };
  }

  send(peer: Peer, frame: OutgoingFrame): void {
    if (peer.ended || peer.ws.readyState !== OPEN) return;
    if (this.#isFull(peer, frame)) this.endSlow(peer);
    else if (frame.bytes && this.#parts.frames?.fits(peer.ws)) this.#share(this.#parts.frames, peer, frame.bytes);
    // A socket that fails while it is written to is told so by its own close event.
    else peer.ws.send(frame.text, () => {});
  }

  endSlow(peer: Peer): void {
    this.#parts.counters.slowSockets.inc();
    this.#parts.peers.terminate(peer);
  }

  /** A frame that is larger than the whole allowance still goes to a socket that has nothing else to read. */
  #isFull(peer: Peer, frame: OutgoingFrame): boolean {
    const waiting = peer.ws.bufferedAmount;
    return waiting > 0 && waiting + (frame.bytes?.length ?? frame.text.length) > this.#parts.limits.bufferedBytes;
  }

  #share(frames: SharedFrames, peer: Peer, bytes: Buffer): void {
    if (!this.#corked.has(peer)) {
      if (this.#corked.size === 0) setImmediate(() => this.#uncork(frames));
      this.#corked.add(peer);
      frames.cork(peer.ws);
    }
    frames.write(peer.ws, bytes);
  }

  #uncork(frames: SharedFrames): void {
    const corked = this.#corked;
    this.#corked = new Set();
    for (const peer of corked) frames.uncork(peer.ws);
  }
}
