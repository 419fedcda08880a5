/** What the fleet's page says of all its lines. */
import type { FleetLine } from '../../elements/fleet/line.js';
import { countsOf } from '../../elements/fleet/line.js';

const numbers = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const count = (amount: number): string => numbers[amount] ?? String(amount);
const plural = (amount: number, word: string): string => `${amount} ${word}${amount === 1 ? '' : 's'}`;

/** The page's heading. */
export function verdictOf(lines: readonly Pick<FleetLine, 'group'>[]): string {
  const { needs, running, due } = countsOf(lines);
  if (lines.length === 0) return 'No connections yet';
  if (needs === 1) return 'One connection needs you';
  if (needs > 1) return `${count(needs)} connections need you`;
  if (running > 0) return `${count(running)} ${running === 1 ? 'connection is' : 'connections are'} at work`;
  if (due > 0) return `${count(due)} ${due === 1 ? 'certificate is' : 'certificates are'} due`;
  return lines.length === 1 ? 'The connection is clear' : `All ${lines.length} connections are clear`;
}

/** “48 connections, 4 platforms”. */
export function inventoryOf(lines: readonly Pick<FleetLine, 'connection'>[]): string {
  const platforms = new Set(lines.map(({ connection }) => connection.platform)).size;
  return `${plural(lines.length, 'connection')}, ${plural(platforms, 'platform')}`;
}
