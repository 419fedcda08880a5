/** One open socket, as the guard knows it. */
import type { Caller } from '../access/contract.js';
import type { SubscriptionRules } from './contract.js';
import type { Bucket } from './bucket.js';
import type { Inbox } from './inbox.js';
import type { NesSocket, RawSocket } from './nes-internals.js';

export interface Subscription {
  rules: SubscriptionRules;
  params: Record<string, string>;
}

export interface Peer {
  readonly socket: NesSocket;
  readonly ws: RawSocket;
  /** Where it is counted: see clientNetwork. */
  readonly network: string;
  /** Of the page that opened it; undefined: a program. */
  readonly origin: string | undefined;
  /** Times of the clock's `elapsed`. */
  readonly openedAtMs: number;
  heardAtMs: number;
  readonly bucket: Bucket;
  readonly inbox: Inbox;
  /** Set once hello was accepted; null: nobody yet. */
  caller: Caller | null;
  /** Whose socket it counts as: see `subjectOf`; null: nobody's yet. */
  countedAs: string | null;
  readonly subscriptions: Map<string, Subscription>;
  /** Paths that were taken away and whose `revoke` is not sent yet. */
  readonly revoking: Set<string>;
  /** The smallest backlog since it last fell, and since when; null: it reads. */
  stall: { bytes: number; sinceMs: number } | null;
  /** We have closed it, or it has closed: nothing more is taken from it or given to it. */
  ended: boolean;
}
