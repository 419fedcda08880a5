/**
 * What a token for widgets leaves of its maker's rights; whoever has no scope has all of them. Only the directory and the routes
 * and subscriptions of operations ask: nobody else has to know of scopes.
 */
import type { Caller, Role } from './contract.js';

/** The most that the caller may do anywhere; never an admin's rights for a widget. */
export function ceilingOf({ embed }: Caller): Role {
  if (!embed) return 'admin';
  return embed.actions.some((action) => action !== 'read') ? 'operator' : 'viewer';
}

export function reaches({ embed }: Caller, connectionId: number): boolean {
  return !embed || embed.connections.includes(connectionId);
}

/** Whether operations of this type are there for the caller; null asks for all types at once. */
export function reachesType({ embed }: Caller, type: string | null): boolean {
  if (!embed?.operations) return true;
  return type !== null && embed.operations.includes(type);
}
