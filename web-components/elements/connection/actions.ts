import type { Connection } from '../../../server/connections/contract.js';
import type { PublishedDefinition } from '../../client/contract.js';
import { renewalType } from './certificate-end.js';

/** The types that a card offers: those that it names, in their order, else every one that makes sense there. */
export function actionsOf(
  named: string,
  definitions: readonly PublishedDefinition[],
  connection: Connection | null,
): string[] {
  const wanted = named.split(/[\s,]+/).filter(Boolean);
  if (wanted.length > 0) return [...new Set(wanted)];
  const types = definitions.map(({ type }) => type);
  // There is nothing to renew where no certificate is wanted.
  return types.filter((type) => type !== renewalType || connection?.certificate != null);
}
