/**
 * The live rights, in memory beside the tables. Whoever changes a table tells the directory after the commit, so that
 * the very next request and the next message on a socket obey; every answer is synchronous and costs no query.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { Access, Account, Caller, GrantRole, Owners, Role } from './contract.js';
import { readRights, type Rights } from './rights.js';
import { lowerOf } from './roles.js';
import { ceilingOf, reaches } from './scope.js';

export class Directory implements Access, Owners {
  readonly #knex: Knex;
  readonly #clock: () => number;
  #rights: Rights;
  #byName = new Map<string, Account>();
  readonly #visible = new Map<number, ReadonlySet<number>>();
  readonly #listeners = new Set<() => void>();
  #version = 1;

  private constructor(knex: Knex, clock: () => number, rights: Rights) {
    this.#knex = knex;
    this.#clock = clock;
    this.#rights = rights;
    this.#indexNames();
  }

  /** Reads the rights from the database; `clock` answers in ms since the epoch. */
  static async load(knex: Knex, clock: () => number = Date.now): Promise<Directory> {
    return new Directory(knex, clock, await readRights(knex, clock()));
  }

  get version(): number {
    return this.#version;
  }

  roleOf(caller: Caller): Role | null {
    const role = this.#roleOfMaker(caller);
    return role && lowerOf(role, ceilingOf(caller));
  }

  roleOn(caller: Caller, connectionId: number): Role | null {
    if (!reaches(caller, connectionId)) return null;
    const role = this.#roleOfMakerOn(caller, connectionId);
    return role && lowerOf(role, ceilingOf(caller));
  }

  visibleTo(caller: Caller): 'all' | ReadonlySet<number> {
    if (caller.embed) return new Set(caller.embed.connections.filter((id) => this.roleOn(caller, id) !== null));
    const role = this.roleOf(caller);
    if (role === 'admin') return 'all';
    return role ? this.#visibleToUser(caller.userId) : new Set();
  }

  /** Without what a token for widgets takes away. */
  #roleOfMaker(caller: Caller): Role | null {
    const account = this.#rights.accounts.get(caller.userId);
    if (!account || caller.expiresAt <= this.#clock() || this.#rights.revoked.has(caller.tokenId)) return null;
    if (caller.tokenVersion !== null && caller.tokenVersion !== account.tokenVersion) return null;
    return lowerOf(account.role, caller.maxRole);
  }

  #roleOfMakerOn(caller: Caller, connectionId: number): Role | null {
    const role = this.#roleOfMaker(caller);
    const owner = this.ownerOf(connectionId);
    if (!role || owner === null) return null;
    if (role === 'admin' || owner === caller.userId) return role;
    const grant = this.#rights.grants.get(connectionId)?.get(caller.userId);
    return grant ? lowerOf(role, grant) : null;
  }

  onChange(listener: () => void): () => void {
    // Wrapped, so that the same function given twice is called, and unbound, twice.
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  ownerOf(connectionId: number): number | null {
    return this.#rights.owners.get(connectionId) ?? null;
  }

  userByName(username: string): Account | null {
    return this.#byName.get(username) ?? null;
  }

  /** A new or changed account; telling what is known already changes nothing. */
  putUser(user: Account): void {
    const { id, username, role, tokenVersion } = user;
    const account = { id, username, role, tokenVersion };
    if (isDeepStrictEqual(this.#rights.accounts.get(id), account)) return;
    this.#rights.accounts.set(id, account);
    this.#indexNames();
    this.#changed();
  }

  removeUser(userId: number): void {
    this.#rights.accounts.delete(userId);
    for (const users of this.#rights.grants.values()) users.delete(userId);
    this.#indexNames();
    this.#changed();
  }

  putConnection(connectionId: number, ownerId: number): void {
    this.#rights.owners.set(connectionId, ownerId);
    this.#changed();
  }

  removeConnection(connectionId: number): void {
    this.#rights.owners.delete(connectionId);
    this.#rights.grants.delete(connectionId);
    this.#changed();
  }

  putGrant(connectionId: number, userId: number, role: GrantRole): void {
    const users = this.#rights.grants.get(connectionId) ?? new Map<number, GrantRole>();
    this.#rights.grants.set(connectionId, users.set(userId, role));
    this.#changed();
  }

  removeGrant(connectionId: number, userId: number): void {
    this.#rights.grants.get(connectionId)?.delete(userId);
    this.#changed();
  }

  /** Forgotten again once the token would have ended by itself. */
  revokeToken(tokenId: string, expiresAtMs: number): void {
    const now = this.#clock();
    for (const [id, endsAt] of this.#rights.revoked) if (endsAt <= now) this.#rights.revoked.delete(id);
    this.#rights.revoked.set(tokenId, expiresAtMs);
    this.#changed();
  }

  /** Reads everything anew, for changes that another node made; the version rises only where something differs. */
  async reload(): Promise<void> {
    for (;;) {
      const version = this.#version;
      const rights = await readRights(this.#knex, this.#clock());
      // A change told meanwhile may be younger than what was read: read again.
      if (version !== this.#version) continue;
      if (!isDeepStrictEqual(withoutEmpty(rights), withoutEmpty(this.#rights))) {
        this.#rights = rights;
        this.#indexNames();
        this.#changed();
      }
      return;
    }
  }

  #visibleToUser(userId: number): ReadonlySet<number> {
    const known = this.#visible.get(userId);
    if (known) return known;
    const visible = new Set<number>();
    for (const [connectionId, ownerId] of this.#rights.owners)
      if (ownerId === userId || this.#rights.grants.get(connectionId)?.has(userId)) visible.add(connectionId);
    this.#visible.set(userId, visible);
    return visible;
  }

  #indexNames(): void {
    this.#byName = new Map([...this.#rights.accounts.values()].map((account) => [account.username, account]));
  }

  #changed(): void {
    this.#version += 1;
    this.#visible.clear();
    for (const listener of [...this.#listeners]) listener();
  }
}

/** A connection whose last grant was taken back and one that never had any mean the same. */
function withoutEmpty(rights: Rights): Rights {
  return { ...rights, grants: new Map([...rights.grants].filter(([, users]) => users.size > 0)) };
}
