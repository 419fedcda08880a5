/**
 * What the witnesses of a whole test run leave for its sums (scripts/traffic.mjs): a line for each answer and message that a
 * watched server publishes, and one for each that it was seen to give. Without the directory, as in a run of single files, nothing.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** `server` has no name: it says that there was one more. */
type Kind = 'server' | 'published' | 'seen';

const written = new Set<string>();

/** Written at once, to a file of this process alone: what is killed later loses nothing of it. Each line stands there once. */
export function keep(kind: Kind, name = ''): void {
  const directory = process.env['TRAFFIC_DIRECTORY'];
  const line = `${kind} ${name}`.trim();
  if (!directory || (kind !== 'server' && written.has(line))) return;
  written.add(line);
  appendFileSync(join(directory, `${process.pid}.txt`), `${line}\n`);
}
