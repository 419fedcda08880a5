/** Every feed that is watched, by its path: watchers of the same thing share one. */
import type { Operation } from './contract.js';
import type { Desk } from './feed.js';
import type { Gather } from './gather.js';
import type { Http } from './http.js';
import { LogFeed, type LogDesk } from './log.js';
import { connectionPath, FLEET_PATH, operationPath, Scope, type ScopeDesk } from './scope.js';
import type { RealtimeSocket } from './socket.js';
import type { Surroundings } from './surroundings.js';

/** As many rows as one answer holds. */
const CONNECTION_ROWS = 50;
const FLEET_ROWS = 200;

/** What the feeds need of their client: all that a single one needs, but for what they do among themselves. */
export type FeedsDesk = Omit<Desk, 'ended'>;

type AnyFeed = Scope | LogFeed;

export class Feeds implements LogDesk, ScopeDesk {
  readonly #desk: FeedsDesk;
  readonly #byPath = new Map<string, AnyFeed>();
  #epoch: string | null = null;

  constructor(desk: FeedsDesk) {
    this.#desk = desk;
  }

  connection(connectionId: number): Scope {
    return this.#scope(connectionPath(whole(connectionId)), CONNECTION_ROWS);
  }

  fleet(): Scope {
    return this.#scope(FLEET_PATH, FLEET_ROWS);
  }

  log(connectionId: number, operationId: string): LogFeed {
    const feed = this.#byPath.get(`${operationPath(whole(connectionId), operationId)}/log`);
    return feed instanceof LogFeed ? feed : this.#add(new LogFeed(this, connectionId, operationId));
  }

  all(): AnyFeed[] {
    return [...this.#byPath.values()];
  }

  join(socket: RealtimeSocket): void {
    for (const feed of this.all()) feed.join(socket);
  }

  leave(): void {
    for (const feed of this.all()) feed.leave();
  }

  settled(): boolean {
    return this.all().every((feed) => !feed.unsettled);
  }

  published(path: string, message: unknown): void {
    this.#byPath.get(path)?.receive(message);
  }

  /** Asks again for what was taken away: the refusal says why, and a mistake mends itself. */
  revoked(path: string): void {
    const feed = this.#byPath.get(path);
    if (feed && this.socket) feed.join(this.socket);
  }

  /** Takes an operation that a request answered with, at once. */
  merge(operation: Operation): void {
    for (const path of [connectionPath(operation.connectionId), FLEET_PATH]) {
      const feed = this.#byPath.get(path);
      if (feed instanceof Scope) feed.merge(operation);
    }
  }

  /** Forgets what was read as another user; the watchers stay. */
  reset(): void {
    this.#epoch = null;
    for (const feed of this.all()) feed.reset();
  }

  close(): void {
    for (const feed of this.all()) feed.close();
    this.#byPath.clear();
  }

  get around(): Surroundings {
    return this.#desk.around;
  }

  get http(): Http {
    return this.#desk.http;
  }

  get gather(): Gather {
    return this.#desk.gather;
  }

  get socket(): RealtimeSocket | null {
    return this.#desk.socket;
  }

  changed(): void {
    this.#desk.changed();
  }

  poll(): void {
    this.#desk.poll();
  }

  ended(path: string): void {
    this.#byPath.get(path)?.close();
    this.#byPath.delete(path);
    this.socket?.unsubscribe(path);
    this.changed();
  }

  find(connectionId: number, operationId: string): Operation | null {
    for (const path of [connectionPath(connectionId), FLEET_PATH]) {
      const feed = this.#byPath.get(path);
      const operation = feed instanceof Scope ? feed.get(operationId) : null;
      if (operation) return operation;
    }
    return null;
  }

  /** A restored backup makes every line that was read doubtful; each scope sees the change by its own snapshot. */
  epochSeen(epoch: string): void {
    const changed = this.#epoch !== null && this.#epoch !== epoch;
    this.#epoch = epoch;
    if (!changed) return;
    for (const feed of this.all()) {
      if (!(feed instanceof LogFeed)) continue;
      feed.reset();
      this.#begin(feed);
    }
  }

  #scope(path: string, rows: number): Scope {
    const feed = this.#byPath.get(path);
    return feed instanceof Scope ? feed : this.#add(new Scope(this, path, rows));
  }

  #add<F extends AnyFeed>(feed: F): F {
    this.#byPath.set(feed.path, feed);
    this.#begin(feed);
    return feed;
  }

  #begin(feed: AnyFeed): void {
    if (this.socket) feed.join(this.socket);
    else this.poll();
  }
}

function whole(connectionId: number): number {
  if (Number.isSafeInteger(connectionId) && connectionId > 0) return connectionId;
  throw new RangeError(`watch: expected the connection's id to be a whole number from 1, got: ${connectionId}`);
}
