/** What the DNS says of the account's own name. */
import { Resolver } from 'node:dns/promises';
import type { DnsRun } from '../../../server/dns/contract.js';
import { failure } from './failure.js';
import { settingsOf } from './settings.js';

const ABSENT = ['ENODATA', 'ENOTFOUND'];

/** What a lookup found; empty where there is nothing. Rejects with DNS_UNREACHABLE where nobody answers. */
async function lookedUp<T>(run: DnsRun, servers: string[], work: (resolver: Resolver) => Promise<T[]>): Promise<T[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  run.signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work(resolver);
  } catch (cause) {
    run.signal.throwIfAborted();
    if (ABSENT.includes(String((cause as NodeJS.ErrnoException).code))) return [];
    throw failure('DNS_UNREACHABLE', 'The name servers can’t be asked.', 'Check the resolvers.', cause);
  } finally {
    run.signal.removeEventListener('abort', cancel);
  }
}

/** Rejects with DNS_ZONE_UNKNOWN where the name is no CNAME to the account's own. */
export async function delegated(run: DnsRun, name: string): Promise<void> {
  const { fulldomain, resolvers } = settingsOf(run);
  const found = await lookedUp(run, resolvers, (resolver) => resolver.resolveCname(name));
  if (found.some((target) => target.toLowerCase() === fulldomain)) return;
  throw failure(
    'DNS_ZONE_UNKNOWN',
    `${name} is no CNAME to ${fulldomain}.`,
    `Add this record once to the zone: ${name}. CNAME ${fulldomain}.`,
  );
}

/** Where the acme-dns itself answers questions, by the delegation of its zone. */
async function ownAddresses(run: DnsRun): Promise<string[]> {
  const { fulldomain, resolvers } = settingsOf(run);
  const zone = fulldomain.slice(fulldomain.indexOf('.') + 1);
  const hosts = await lookedUp(run, resolvers, (resolver) => resolver.resolveNs(zone));
  const found = hosts.flatMap((host) => [
    lookedUp(run, resolvers, (resolver) => resolver.resolve4(host)),
    lookedUp(run, resolvers, (resolver) => resolver.resolve6(host)),
  ]);
  return (await Promise.all(found)).flat();
}

/**
 * Whether the value stands there already, as the acme-dns itself says: a resolver would remember what was there before. False
 * also where that can't be seen.
 */
export async function shows(run: DnsRun, value: string): Promise<boolean> {
  const { fulldomain } = settingsOf(run);
  try {
    const addresses = await ownAddresses(run);
    if (addresses.length === 0) return false;
    const found = await lookedUp(run, addresses, (resolver) => resolver.resolveTxt(fulldomain));
    return found.some((strings) => strings.join('') === value);
  } catch {
    // Then it is set once more, which does harm only where it is the newer one of two.
    run.signal.throwIfAborted();
    return false;
  }
}
