/** Who a caller is and what he may do now: one answer for routes and subscriptions. Types only. */
import type { EmbedScope } from '../embed/contract.js';

export type Role = 'viewer' | 'operator' | 'admin';

/** Who a verified token speaks for. Rights are never remembered in it: ask Access. */
export interface Caller {
  userId: number;
  username: string;
  /** Identifies the token for revocation: its jti, or a hash of it where a portal's token has none. */
  tokenId: string;
  /** When the token ends, ms since the epoch. */
  expiresAt: number;
  /** `signalbox` or the name of the portal's issuer. */
  issuer: string;
  /** The most that a token of this issuer may do. */
  maxRole: Role;
  /** The account's token version when the token was made (own tokens only); an older one is dead. */
  tokenVersion: number | null;
  /** On a token for widgets: all that is left of its maker's rights. */
  embed?: EmbedScope;
}

/** The live rights, kept in memory beside the tables and changed with them; every answer is synchronous. */
export interface Access {
  /** The account's role now, bounded by the token; null: account gone, token revoked, expired or outdated. */
  roleOf(caller: Caller): Role | null;
  /** The caller's role on one connection: the lower of account and grant; null: he may not see it. */
  roleOn(caller: Caller, connectionId: number): Role | null;
  /** The connections that the caller may see. */
  visibleTo(caller: Caller): 'all' | ReadonlySet<number>;
  /** Rises with every change of rights, so that a version of a list can name it. */
  readonly version: number;
  /** Called after each change; returns its unbind. */
  onChange(listener: () => void): () => void;
}

/** An account as the rights see it. */
export interface Account {
  id: number;
  username: string;
  role: Role;
  /** Raised with each new password; a token that carries a lower one is dead. */
  tokenVersion: number;
}

/** What a connection can be shared as; only an account can be an admin. */
export type GrantRole = Exclude<Role, 'admin'>;

/** Whose a connection is. */
export interface Owners {
  /** The owner's user id; null where there is no such connection. */
  ownerOf(connectionId: number): number | null;
}
