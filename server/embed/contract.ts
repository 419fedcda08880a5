/** What a token for widgets is bound to. Types only. */

export type EmbedAction = 'read' | 'start' | 'cancel' | 'retry';

/** It only ever takes away: what is left of it is what its maker himself may do at that moment. */
export interface EmbedScope {
  connections: readonly number[];
  /** Operation types; null: every type. */
  operations: readonly string[] | null;
  /** `read` is always among them. */
  actions: readonly EmbedAction[];
  /** Origins of the pages that may use it; empty: any page that CORS lets in, and programs. */
  origins: readonly string[];
}

/** A token for widgets as it is kept: without the token. */
export interface EmbedToken extends EmbedScope {
  id: string;
  createdAt: string;
  expiresAt: string;
}
