/** What the fleet's page says: which connection needs somebody, which are busy, which are clear. */
import type { Connection } from '../../../server/connections/contract.js';
import type { Operation } from '../../client/contract.js';

export type Group = 'needs' | 'running' | 'clear';

export interface FleetLine {
  connection: Connection;
  group: Group;
  /** The failure or the running operation that the group comes from. */
  now: Operation | null;
  last: Operation | null;
}

/** The newest operation of each type; the list comes newest first. */
function latestOfTypes(operations: readonly Operation[]): Operation[] {
  const latest = new Map<string, Operation>();
  for (const operation of operations) if (!latest.has(operation.type)) latest.set(operation.type, operation);
  return [...latest.values()];
}

function lineOf(connection: Connection, operations: readonly Operation[]): FleetLine {
  const latest = latestOfTypes(operations);
  const failed = latest.find(({ status }) => status === 'failed') ?? null;
  const active = latest.find(({ completedAt }) => completedAt === null) ?? null;
  const group = failed ? 'needs' : active ? 'running' : 'clear';
  return { connection, group, now: failed ?? active, last: operations[0] ?? null };
}

export function linesOf(connections: readonly Connection[], operations: readonly Operation[]): FleetLine[] {
  const byConnection = new Map<number, Operation[]>(connections.map(({ id }) => [id, []]));
  for (const operation of operations) byConnection.get(operation.connectionId)?.push(operation);
  return connections.map((connection) => lineOf(connection, byConnection.get(connection.id) ?? []));
}

const numbers = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const count = (amount: number): string => numbers[amount] ?? String(amount);

/** The page's heading. */
export function verdictOf(lines: readonly FleetLine[]): string {
  const needs = lines.filter(({ group }) => group === 'needs').length;
  const running = lines.filter(({ group }) => group === 'running').length;
  if (lines.length === 0) return 'No connections yet';
  if (needs === 1) return 'One connection needs you';
  if (needs > 1) return `${count(needs)} connections need you`;
  if (running > 0) return `${count(running)} ${running === 1 ? 'connection is' : 'connections are'} at work`;
  return lines.length === 1 ? 'The connection is clear' : `All ${lines.length} connections are clear`;
}

/** “48 connections, 4 platforms”. */
export function inventoryOf(lines: readonly FleetLine[]): string {
  const platforms = new Set(lines.map(({ connection }) => connection.platform)).size;
  const plural = (amount: number, word: string): string => `${amount} ${word}${amount === 1 ? '' : 's'}`;
  return `${plural(lines.length, 'connection')}, ${plural(platforms, 'platform')}`;
}
