import type { Operation } from '../../client/contract.js';
import { renewalType } from '../connection/certificate-end.js';

/** The newest renewal of each connection, by its id. A check before a renewal is the same type, but renews nothing. */
export function latestRenewals(operations: readonly Operation[]): ReadonlyMap<number, Operation> {
  const latest = new Map<number, Operation>();
  for (const operation of operations) {
    if (operation.type !== renewalType || operation.params['preflight'] === true) continue;
    const known = latest.get(operation.connectionId);
    if (!known || isNewer(operation, known)) latest.set(operation.connectionId, operation);
  }
  return latest;
}

/** Ids are UUIDv7 and sort by time; of the same one the higher revision is what the store holds. */
function isNewer(a: Operation, b: Operation): boolean {
  return a.id === b.id ? a.revision > b.revision : a.id > b.id;
}
