/**
 * Ends what has no right to live on: sockets without a token, tokens that ran out or were revoked, sockets that are silent or do
 * not read. nes checks a token only when its client sends something, so a mute one would listen for ever.
 */
import type { Access } from '../access/contract.js';
import type { Clock, Heartbeat, Limits, RealtimeOptions } from './contract.js';
import { farewell } from './farewell.js';
import type { Outlet } from './outlet.js';
import type { Peer } from './peer.js';
import { POLICY, RESTART, type Peers } from './peers.js';
import type { Subscriptions } from './subscriptions.js';

export const SWEEP_MS = 500;
/** How often the rights on each subscription are asked again where no change was announced. */
export const RECHECK_MS = 10_000;

export interface SweepParts {
  access: Access;
  config: RealtimeOptions['config'];
  clock: Clock;
  limits: Limits;
  heartbeat: Heartbeat;
  peers: Peers;
  subscriptions: Subscriptions;
  outlet: Outlet;
}

export class Sweep {
  readonly #parts: SweepParts;
  #sweptAtMs: number;
  #recheckDue = false;

  constructor(parts: SweepParts) {
    this.#parts = parts;
    this.#sweptAtMs = parts.clock.elapsed();
  }

  /** Looks at every socket once; due every SWEEP_MS. */
  run(): void {
    const nowMs = this.#parts.clock.elapsed();
    // A late sweep says that this process slept: what clients sent meanwhile is still to be read, so none is silent.
    const isLate = nowMs - this.#sweptAtMs > 2 * SWEEP_MS;
    this.#sweptAtMs = nowMs;
    for (const peer of this.#parts.peers) this.#look(peer, nowMs, isLate);
  }

  /** Asks every right again: dead tokens lose the socket, lost grants the subscription. */
  recheck(): void {
    for (const peer of this.#parts.peers) {
      if (peer.ended || !peer.caller) continue;
      if (this.#isDead(peer)) this.#close(peer, 'The token is no longer valid.');
      else this.#parts.subscriptions.recheck(peer);
    }
  }

  /** The same once this tick's other changes are made: rights often change many at a time. */
  recheckSoon(): void {
    if (this.#recheckDue) return;
    this.#recheckDue = true;
    queueMicrotask(() => {
      this.#recheckDue = false;
      this.recheck();
    });
  }

  #look(peer: Peer, nowMs: number, isLate: boolean): void {
    const { config, limits, heartbeat, peers, outlet } = this.#parts;
    if (peer.ended) return;
    if (config.realtime === 'off') this.#switchOff(peer);
    else if (!peer.caller) {
      if (nowMs - peer.openedAtMs >= limits.authDeadlineMs) this.#close(peer, 'No valid token in time.');
    } else if (this.#isDead(peer)) this.#close(peer, 'The token is no longer valid.');
    else if (this.#isStalled(peer, nowMs)) outlet.endSlow(peer);
    else if (!isLate && nowMs - peer.heardAtMs > heartbeat.intervalMs + heartbeat.timeoutMs) peers.terminate(peer);
  }

  #switchOff(peer: Peer): void {
    farewell(peer, 'realtime:off');
    this.#parts.peers.close(peer, RESTART, 'The live feed is switched off.');
  }

  #isDead(peer: Peer): boolean {
    const { access, clock } = this.#parts;
    return !peer.caller || clock.now() >= peer.caller.expiresAt || access.roleOf(peer.caller) === null;
  }

  #isStalled(peer: Peer, nowMs: number): boolean {
    const { limits } = this.#parts;
    const bytes = peer.ws.bufferedAmount;
    if (bytes <= limits.stalledBytes) peer.stall = null;
    else if (!peer.stall || bytes < peer.stall.bytes) peer.stall = { bytes, sinceMs: nowMs };
    return peer.stall !== null && nowMs - peer.stall.sinceMs >= limits.stalledMs;
  }

  #close(peer: Peer, reason: string): void {
    this.#parts.peers.close(peer, POLICY, reason);
  }
}
