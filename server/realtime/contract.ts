/** What the other parts see of the live feed. Types only. */
import type { IncomingMessage } from 'node:http';
import type { Access, Caller } from '../access/contract.js';
import type { Config } from '../settings/config.js';
import type { Counters } from '../watching/counters.js';

/** The JSON text of a message, made once by the publisher; as a function it is only made when somebody listens. */
export type MessageText = string | (() => string);

export interface Feed {
  /** Hands a message to every socket that is subscribed to this very path, and to nobody else. Synchronous, never throws for a socket. */
  publish(path: string, message: MessageText): void;
  /** The same message on several paths; its text is made once. */
  publishAll(paths: readonly string[], message: MessageText): void;
  /** How many sockets are subscribed to the path now. */
  subscribers(path: string): number;
  /** Every path that somebody is subscribed to now. */
  paths(): Iterable<string>;
}

export interface SubscriptionRules {
  /**
   * May this caller see this path now? Asked at each subscribe and again while the subscription lives. Synchronous.
   * A missing thing must be answered as a forbidden one is: with false.
   */
  authorize(caller: Caller, params: Record<string, string>): boolean;
}

export interface Limits {
  /** The largest message that a client may send. */
  messageBytes: number;
  messageFragments: number;
  /** In how many pieces of TCP it may come. */
  messageChunks: number;
  messagesPerSecond: number;
  messageBurst: number;
  /** Messages of one socket that wait for the one before them. */
  queuedMessages: number;
  sockets: number;
  socketsPerAddress: number;
  socketsPerUser: number;
  subscriptionsPerSocket: number;
  /** How long a socket may stay without a good token. */
  authDeadlineMs: number;
  /** A socket with more than this waiting to be read is ended at once. */
  bufferedBytes: number;
  /** … and one whose backlog stays above this, without falling, for `stalledMs`. */
  stalledBytes: number;
  stalledMs: number;
  /** How long a peer may take to answer a close. */
  closeTimeoutMs: number;
}

export interface Heartbeat {
  intervalMs: number;
  timeoutMs: number;
}

/** Everything that has to do with time, so that a test can turn it. */
export interface Clock {
  /** Wall clock, ms since the epoch: for what a token says. */
  now(): number;
  /** Never jumps: for how long something took, in ms. */
  elapsed(): number;
  /** Returns its unbind. */
  every(intervalMs: number, task: () => void): () => void;
}

export interface RealtimeOptions {
  access: Access;
  counters: Counters;
  /** Read anew each time, so that a change of `realtime` or `realtimeRollout` is live. */
  config: Pick<Config, 'publicUrl' | 'allowedOrigins' | 'realtime' | 'realtimeRollout'>;
  heartbeat?: Heartbeat;
  limits?: Partial<Limits>;
  /** The strategy that checks tokens; its credentials hold the `caller`. */
  authRoute?: string;
  /** The client's address of an upgrade request; behind a proxy it is not the connection's own. */
  addressOf?: (request: IncomingMessage) => string;
  clock?: Clock;
}

declare module '@hapi/hapi' {
  interface PluginProperties {
    /** The subscriptions that are open, in the order in which they were opened. */
    'signalbox-realtime': { readonly patterns: readonly string[] };
  }
  interface Server {
    feed: Feed;
    /**
     * Opens a path for subscriptions: `/connections/{id}/operations`. The pattern holds lower-case words and `{params}`.
     * Who may not see it is refused with 403, in the words of a path that does not exist.
     */
    feedSubscription(pattern: string, rules: SubscriptionRules): void;
  }
}
