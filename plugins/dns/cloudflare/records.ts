/** Zones and TXT records, by Cloudflare's API v4. */
import type { DnsRun, TxtRecord } from '../../../server/dns/contract.js';
import { apiFailure, call, type ApiFailure } from './api.js';

interface Zone {
  id: string;
  name: string;
}

interface Stored {
  id: string;
  type: string;
  name: string;
  content: string;
}

/** In seconds; the least that every plan allows. */
const TTL = 60;
const MOST_PAGES = 50;
/** “A record with those settings already exists”, “An identical record already exists”, “Record does not exist”. */
const EXISTS = [81057, 81058];
const GONE = 81044;

const withCode = (error: unknown, ...codes: number[]) =>
  codes.some((code) => ((error as Partial<ApiFailure>).codes ?? []).includes(code));

/** `b.a.test`, `a.test`: a zone is never a top-level domain. */
function zoneNames(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/** The deepest zone of this account that holds the name. */
async function zoneOf(run: DnsRun, name: string): Promise<Zone> {
  for (const candidate of zoneNames(name)) {
    const { result } = await call<Zone[]>(run, 'GET', `/zones?name=${encodeURIComponent(candidate)}`);
    const zone = result.find((each) => each.name === candidate);
    if (zone) return zone;
  }
  throw apiFailure(
    'DNS_ZONE_UNKNOWN',
    `The API token sees no zone that holds ${name}.`,
    'Check the name, and that the token includes its zone with Zone:Read.',
  );
}

const recordsPath = ({ id }: Zone) => `/zones/${encodeURIComponent(id)}/dns_records`;

/** The content of a TXT record comes back in quotation marks, or without, as it was written. */
const isValue = ({ content }: Stored, value: string) => content === value || content === `"${value}"`;

/** Those with this very name and value; what the API was asked for is only a help. */
async function stored(run: DnsRun, zone: Zone, { name, value }: TxtRecord): Promise<Stored[]> {
  const found: Stored[] = [];
  for (let page = 1, last = 1; page <= last && page <= MOST_PAGES; page += 1) {
    const query = `type=TXT&name=${encodeURIComponent(name)}&per_page=100&page=${page}`;
    const { result, pages } = await call<Stored[]>(run, 'GET', `${recordsPath(zone)}?${query}`);
    found.push(...result.filter((each) => each.type === 'TXT' && each.name.toLowerCase() === name));
    last = pages;
  }
  return found.filter((each) => isValue(each, value));
}

/** Adds the value; harmless where it stands there, also where somebody adds it at the same moment. */
export async function place(run: DnsRun, record: TxtRecord): Promise<void> {
  const zone = await zoneOf(run, record.name);
  if ((await stored(run, zone, record)).length > 0) return;
  const body = { type: 'TXT', name: record.name, content: `"${record.value}"`, ttl: TTL };
  try {
    await call(run, 'POST', recordsPath(zone), body);
  } catch (error) {
    if (!withCode(error, ...EXISTS)) throw error;
  }
}

/** Removes the value; harmless where it is gone, also where somebody removes it at the same moment. */
export async function remove(run: DnsRun, record: TxtRecord): Promise<void> {
  const zone = await zoneOf(run, record.name);
  for (const { id } of await stored(run, zone, record)) {
    try {
      await call(run, 'DELETE', `${recordsPath(zone)}/${encodeURIComponent(id)}`);
    } catch (error) {
      if (!withCode(error, GONE)) throw error;
    }
  }
}
