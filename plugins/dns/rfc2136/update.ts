/** Dynamic updates (RFC 2136): one message each, which the server does as a whole or not at all. */
import type { DnsRun, TxtRecord } from '../../../server/dns/contract.js';
import { failure } from './failure.js';
import { assertDone, ask, type Answer } from './session.js';
import { settingsOf } from './settings.js';
import { CLASS, OPCODE, TYPE, questionBytes, readTxt, recordBytes, txtBytes } from './wire.js';

const bare = (name: string) => name.toLowerCase().replace(/\.$/, '');

/** The zone in the SOA record of an answer, where it holds the name; NXDOMAIN (3) names it too. */
function zoneIn({ rcode, authoritative, records }: Answer, name: string): string | null {
  const soa = records.find(({ type }) => type === TYPE.SOA)?.name;
  const within = soa !== undefined && soa !== '' && (name === soa || name.endsWith(`.${soa}`));
  return authoritative && within && (rcode === 0 || rcode === 3) ? soa : null;
}

/** The zone that holds the name, as the server itself says; behind a CNAME it speaks of another one, so then its parent is asked. */
async function zoneOf(run: DnsRun, name: string): Promise<string> {
  const { server, zone } = settingsOf(run);
  if (zone !== '') return bare(zone);
  const labels = name.split('.');
  for (let up = 0; up < labels.length; up += 1) {
    const asked = labels.slice(up).join('.');
    const found = zoneIn(await ask(run, OPCODE.QUERY, questionBytes(asked, TYPE.SOA)), asked);
    if (found !== null) return found;
  }
  throw failure(
    'DNS_ZONE_UNKNOWN',
    `The name server ${server} holds no zone for ${name}.`,
    'Check that it is the primary of the zone, or name the zone.',
  );
}

async function update(run: DnsRun, name: string, record: Buffer): Promise<void> {
  const zone = await zoneOf(run, name);
  const { server } = settingsOf(run);
  assertDone(server, await ask(run, OPCODE.UPDATE, questionBytes(zone, TYPE.SOA), [record]));
}

/** Adds the value; one that stands there already is left as it is (RFC 2136 §3.4.2.2). */
export function place(run: DnsRun, { name, value }: TxtRecord): Promise<void> {
  const parts = { name: bare(name), type: TYPE.TXT, ttl: settingsOf(run).ttlSeconds, data: txtBytes(value) };
  return update(run, parts.name, recordBytes({ ...parts, class: CLASS.IN }));
}

/** Removes this value alone (class NONE, RFC 2136 §2.5.4); one that is not there is passed over. */
export function remove(run: DnsRun, { name, value }: TxtRecord): Promise<void> {
  const parts = { name: bare(name), type: TYPE.TXT, ttl: 0, data: txtBytes(value) };
  return update(run, parts.name, recordBytes({ ...parts, class: CLASS.NONE }));
}

/** Rejects where the server does not show what it took: it passes over a record beside a CNAME (RFC 2136 §3.4.2.2). */
export async function assertShown(run: DnsRun, { name, value }: TxtRecord): Promise<void> {
  const { bytes, records } = await ask(run, OPCODE.QUERY, questionBytes(bare(name), TYPE.TXT));
  const shown = records.some((record) => record.type === TYPE.TXT && readTxt(bytes, record) === value);
  if (shown) return;
  const { server } = settingsOf(run);
  const message = `The name server ${server} took the record at ${name}, but does not show it.`;
  throw failure('DNS_FAILED', message, 'See whether a CNAME record stands at this name.');
}
