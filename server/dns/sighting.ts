/** What single servers show of a record. */
import type { DnsSighting } from './contract.js';
import { ask } from './exchange.js';
import type { Lookup } from './lookup.js';
import { dataOf, type Reply } from './message.js';
import { shownServer } from './name-server.js';
import type { Target } from './target.js';
import type { ZoneServer } from './zone.js';

/** A server that is not in charge, or not able, says nothing about the record. */
const says = (reply: Reply | null): reply is Reply => reply?.rcode === 'NOERROR' || reply?.rcode === 'NXDOMAIN';

function stateOf(found: string[] | null, values: string[]): DnsSighting['state'] {
  if (!found) return 'silent';
  return values.every((value) => found.includes(value)) ? 'seen' : 'missing';
}

/** At each address of one of the zone's own servers. One without any address is silent. */
export function atServer(lookup: Lookup, server: ZoneServer, target: Target, values: string[]): Promise<DnsSighting[]> {
  const { name, addresses } = server;
  const look = async (address: string): Promise<DnsSighting> => {
    const reply = await ask({ address, port: 53 }, { name: target.name, type: 'TXT' }, false, lookup.patience);
    const found = says(reply) && reply.authoritative ? dataOf(reply.answers, 'TXT', target.name) : null;
    return { server: `${name} (${address})`, state: stateOf(found, values) };
  };
  return addresses.length > 0
    ? Promise.all(addresses.map(look))
    : Promise.resolve([{ server: name, state: 'silent' } as const]);
}

/** At each resolver, which follows the CNAMEs itself. */
export function atResolvers(lookup: Lookup, name: string, values: string[]): Promise<DnsSighting[]> {
  return Promise.all(
    lookup.resolvers.map(async (resolver) => {
      const reply = await ask(resolver, { name, type: 'TXT' }, true, lookup.patience);
      const found = says(reply) ? dataOf(reply.answers, 'TXT') : null;
      return { server: shownServer(resolver), state: stateOf(found, values) };
    }),
  );
}

/**
 * Whether a group of addresses that stand for one thing (a name server's own, or the resolvers) shows the record: at least one
 * does, and none that answers lacks it. So an address that nobody can reach, as IPv6 from a network without it, does not
 * block, and a server that is silent at all its addresses does.
 */
export function isSeen(group: DnsSighting[]): boolean {
  return group.some(({ state }) => state === 'seen') && group.every(({ state }) => state !== 'missing');
}
