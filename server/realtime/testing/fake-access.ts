/** Rights in a map, tokens as words. */
import type { Access, Caller, Role } from '../../access/contract.js';

interface Account {
  userId: number;
  role: Role;
  connections: Set<number>;
}

export class FakeAccess implements Access {
  readonly #accounts = new Map<string, Account>();
  readonly #tokens = new Map<string, Caller>();
  readonly #revoked = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  version = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  addUser(username: string, connections: number[], role: Role = 'operator'): void {
    this.#accounts.set(username, { userId: this.#accounts.size + 1, role, connections: new Set(connections) });
  }

  /** A new token of the user's; expires an hour from now, or as told. */
  token(username: string, lifetimeMs = 3_600_000): string {
    const token = `${username}-${String(this.#tokens.size)}`;
    this.#tokens.set(token, {
      userId: this.#accounts.get(username)?.userId ?? 0,
      username,
      tokenId: token,
      expiresAt: this.#now() + lifetimeMs,
      issuer: 'signalbox',
      maxRole: 'admin',
      tokenVersion: 0,
    });
    return token;
  }

  /** Who a token speaks for, if it is good. */
  verify(token: string): Caller | null {
    const caller = this.#tokens.get(token);
    return caller && this.roleOf(caller) !== null ? caller : null;
  }

  revoke(token: string): void {
    this.#revoked.add(token);
    this.#changed();
  }

  /** Like revoke, but nobody is told. */
  revokeSilently(token: string): void {
    this.#revoked.add(token);
  }

  ungrant(username: string, connectionId: number): void {
    this.#accounts.get(username)?.connections.delete(connectionId);
    this.#changed();
  }

  grant(username: string, connectionId: number): void {
    this.#accounts.get(username)?.connections.add(connectionId);
    this.#changed();
  }

  /** Like ungrant, but nobody is told. */
  ungrantSilently(username: string, connectionId: number): void {
    this.#accounts.get(username)?.connections.delete(connectionId);
  }

  roleOf(caller: Caller): Role | null {
    if (this.#revoked.has(caller.tokenId) || caller.expiresAt <= this.#now()) return null;
    return this.#accounts.get(caller.username)?.role ?? null;
  }

  roleOn(caller: Caller, connectionId: number): Role | null {
    const account = this.#accounts.get(caller.username);
    return account?.connections.has(connectionId) ? this.roleOf(caller) : null;
  }

  visibleTo(caller: Caller): 'all' | ReadonlySet<number> {
    return this.#accounts.get(caller.username)?.connections ?? new Set();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
