/** The zone that holds a name, and its own name servers. */
import { DnsError } from './errors.js';
import { ask } from './exchange.js';
import type { Lookup } from './lookup.js';
import { dataOf, zoneIn, type Reply } from './message.js';
import { isName, isWithin, parentOf, plainName } from './names.js';

/** What a zone may make us ask. */
const MOST_SERVERS = 16;
const MOST_ADDRESSES = 6;
const MOST_CUTS = 8;

export interface ZoneServer {
  name: string;
  addresses: string[];
}

export interface Zone {
  name: string;
  servers: ZoneServer[];
}

/** The zone's servers as the resolvers know them. */
async function zoneNamed(lookup: Lookup, name: string): Promise<Zone> {
  const { answers } = await lookup.ask({ name, type: 'NS' });
  const hosts = [...new Set(dataOf(answers, 'NS', name).map(plainName))].filter(isName).sort().slice(0, MOST_SERVERS);
  const servers = await Promise.all(
    hosts.map(async (host) => ({ name: host, addresses: (await lookup.addressesOf(host)).slice(0, MOST_ADDRESSES) })),
  );
  if (servers.some(({ addresses }) => addresses.length > 0)) return { name, servers };
  throw new DnsError('DNS_ZONE_UNKNOWN', `The zone ${name} has no name server with an address.`);
}

/**
 * The zone that the resolvers see around a name's parent. The name itself is never asked of them before its record stands:
 * a resolver would remember that there is none (RFC 2308), often for longer than anybody waits.
 */
async function zoneAround(lookup: Lookup, name: string): Promise<string> {
  for (let above = parentOf(name) ?? name, next: string | null = above; next !== null; next = parentOf(above)) {
    above = next;
    const reply = await lookup.ask({ name: above, type: 'SOA' });
    const zone = zoneIn(reply);
    // Behind a CNAME it is the zone of another name.
    const aliased = dataOf(reply.answers, 'CNAME', above).length > 0;
    if (zone && !aliased && isWithin(above, zone)) return zone;
  }
  throw new DnsError('DNS_ZONE_UNKNOWN', `No zone holds ${name}.`);
}

/** A zone below this one, as a referral or the SOA record of an authoritative reply names it; null where there is none. */
function cutBelow({ authorities, ...reply }: Reply, zone: string, name: string): string | null {
  const owner = reply.authoritative
    ? zoneIn({ ...reply, authorities })
    : plainName(authorities.find(({ type }) => type === 'NS')?.name ?? '');
  return owner && owner !== zone && isWithin(owner, zone) && isWithin(name, owner) ? owner : null;
}

/** What the first of the zone's servers says that is in charge or knows who is; asked for SOA, which shows a CNAME too. */
async function firstWord(lookup: Lookup, zone: Zone, name: string): Promise<Reply> {
  const rest = new AbortController();
  const patience = { ...lookup.patience, signal: AbortSignal.any([lookup.patience.signal, rest.signal]) };
  const word = async (address: string) => {
    const reply = await ask({ address, port: 53 }, { name, type: 'SOA' }, false, patience);
    if (reply && (reply.authoritative || cutBelow(reply, zone.name, name))) return reply;
    throw new Error(`${address} says nothing of ${name}`);
  };
  try {
    return await Promise.any(zone.servers.flatMap(({ addresses }) => addresses.map(word)));
  } catch (cause) {
    lookup.patience.signal.throwIfAborted();
    throw new DnsError('DNS_UNREACHABLE', `No name server of the zone ${zone.name} answers for it.`, {
      hint: 'Check that Signalbox may send DNS questions to them: UDP and TCP, port 53.',
      cause,
    });
  } finally {
    rest.abort();
  }
}

/** The zone that holds `name`, down to the deepest cut, and the name that it is an alias of; null where it is none. */
export async function zoneOf(lookup: Lookup, name: string): Promise<{ zone: Zone; alias: string | null }> {
  let zone = await zoneNamed(lookup, await zoneAround(lookup, name));
  for (let cuts = 0; cuts < MOST_CUTS; cuts += 1) {
    const reply = await firstWord(lookup, zone, name);
    const alias = dataOf(reply.answers, 'CNAME', name)[0];
    if (alias !== undefined) return { zone, alias: plainName(alias) };
    const cut = cutBelow(reply, zone.name, name);
    if (cut === null) return { zone, alias: null };
    zone = await zoneNamed(lookup, cut);
  }
  throw new DnsError('DNS_FAILED', `The delegations of ${name} have no end.`);
}
