/** The DNS as the world sees it: asked of the zone's own servers first, then of the resolvers. */
import dns from 'node:dns';
import type { DnsView } from './contract.js';
import { DnsError } from './errors.js';
import { Lookup } from './lookup.js';
import { nameServer } from './name-server.js';
import { askable } from './names.js';
import { atResolvers, atServer, isSeen } from './sighting.js';
import { targetOf } from './target.js';

export interface DnsViewOptions {
  /** `192.0.2.1`, `[2001:db8::1]:5353`; empty: the system's. */
  resolvers: string[];
  /** For each attempt of each question; default 2,000. */
  attemptTimeoutMs?: number;
  /** For one call; default 45,000. */
  timeoutMs?: number;
}

export function makeDnsView({ resolvers, attemptTimeoutMs = 2_000, timeoutMs = 45_000 }: DnsViewOptions): DnsView {
  const within = async <T>(signal: AbortSignal, work: (lookup: Lookup) => Promise<T>): Promise<T> => {
    const limit = AbortSignal.timeout(timeoutMs);
    const patience = { signal: AbortSignal.any([signal, limit]), timeoutMs: attemptTimeoutMs, attempts: 2 };
    const servers = (resolvers.length > 0 ? resolvers : dns.getServers()).flatMap((text) => nameServer(text) ?? []);
    try {
      return await work(new Lookup(servers, patience));
    } catch (cause) {
      signal.throwIfAborted();
      if (!limit.aborted) throw cause;
      throw new DnsError('DNS_UNREACHABLE', `The name servers did not answer within ${timeoutMs / 1000} s.`, { cause });
    }
  };
  return {
    target: (name, signal) => within(signal, async (lookup) => (await targetOf(lookup, askable(name))).name),
    look: (name, values, signal) =>
      within(signal, async (lookup) => {
        const asked = askable(name);
        const target = await targetOf(lookup, asked);
        const groups = await Promise.all(target.zone.servers.map((server) => atServer(lookup, server, target, values)));
        // A resolver that is asked too early remembers that there is nothing.
        if (!groups.every(isSeen)) return { seen: false, servers: groups.flat() };
        const last = await atResolvers(lookup, asked, values);
        return { seen: isSeen(last), servers: [...groups.flat(), ...last] };
      }),
  };
}
