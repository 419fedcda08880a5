/** Waits until every name server shows the records, so that the CA is never asked too early. */
import type { PlacedChallenge } from '../../../server/certificates/contract.js';
import type { DnsSighting } from '../../../server/dns/contract.js';
import type { JsonObject, StepContext } from '../../../server/operations/contract.js';
import { fail, type Chain } from './context.js';
import { until } from './pacing.js';

type Records = Map<string, string[]>;

/** What has to be seen, and whether a person sets it. */
export interface Awaited {
  rows: PlacedChallenge[];
  manual: boolean;
}

function recordsOf({ rows }: Awaited): Records {
  const records: Records = new Map();
  for (const row of rows)
    if (row.kind === 'dns-01') records.set(row.name, [...(records.get(row.name) ?? []), row.value]);
  return records;
}

/** What is shown of a record that a person has to set. */
function shown(records: Records): JsonObject[] {
  return [...records].flatMap(([name, values]) => values.map((value) => ({ name, type: 'TXT', value })));
}

function progressOf(servers: DnsSighting[]): string {
  const lagging = servers.filter(({ state }) => state !== 'seen').map(({ server, state }) => `${server}: ${state}`);
  return `${servers.length - lagging.length} of ${servers.length} name servers show it; ${lagging.join(', ')}`;
}

/** A zone that cannot be asked just now says nothing yet. */
function silence(error: unknown): { seen: false; servers: DnsSighting[]; why: string } {
  const { code, retryable, message } = error as { code?: string; retryable?: boolean; message: string };
  if (retryable && code?.startsWith('DNS_')) return { seen: false, servers: [], why: message };
  throw error;
}

/** Null until all of them are seen. */
async function lookAtAll(chain: Chain, records: Records, step: StepContext, tell: (line: string) => void) {
  let seen = 0;
  let servers = 0;
  for (const [name, values] of records) {
    const sighting = await chain.desk.view.look(name, values, step.signal).catch(silence);
    seen += sighting.servers.filter(({ state }) => state === 'seen').length;
    servers += sighting.servers.length;
    if (sighting.seen) continue;
    tell(`${name}: ${'why' in sighting ? sighting.why : progressOf(sighting.servers)}`);
    step.progress(seen / (servers + 1));
    return null;
  }
  return true;
}

export async function seenEverywhere(chain: Chain, awaited: Awaited, step: StepContext): Promise<void> {
  const { context, pacing } = chain;
  const records = recordsOf(awaited);
  if (records.size === 0) return;
  const { manual } = awaited;
  if (manual) context.result({ records: shown(records) });
  context.message(manual ? asked(records) : 'Waiting until every name server shows the record');
  let last = '';
  const tell = (line: string) => {
    if (line !== last) context.log(line, 'note');
    last = line;
  };
  const limitMs = manual ? pacing.manualMs : pacing.propagationMs;
  const look = () => lookAtAll(chain, records, step, tell);
  // A person may take a day: nobody else's operation waits for that.
  const waiting = until(look, { limitMs, signal: step.signal, pacing });
  const seen = await (manual ? context.wait(waiting) : waiting);
  if (manual) context.result({ records: [] });
  if (!seen) fail(context, 'PROPAGATION_NOT_SEEN', `Not every name server showed the record in time. ${last}`);
}

function asked(records: Records): string {
  const [[name, values] = ['', []]] = records;
  const more = [...records.values()].flat().length - 1;
  return `Set the TXT record ${name} to ${values[0] ?? ''}${more > 0 ? `, and ${more} more` : ''}`;
}
