/** The services that the host itself lists. */
import type { ListedService, PlatformRun } from '../../../server/platforms/contract.js';
import type { SshSession } from '../../../server/ssh/contract.js';
import { factsCommand, readFacts } from './host-facts.js';
import { initSystemOf } from './init-systems.js';

const TIMEOUT_MS = 60_000;

/** Empty where the host has no init system that we know. */
export async function listServices(session: SshSession, run: PlatformRun): Promise<ListedService[]> {
  const options = { signal: run.signal, timeoutMs: TIMEOUT_MS };
  const facts = readFacts(await session.exec(factsCommand('auto'), options));
  const init = initSystemOf(facts);
  if (!init) return [];
  const answer = await session.exec(init.listCommand(), options);
  const services = init.readList(answer);
  run.log(`${init.name} lists ${services.length} services`, 'note');
  return services;
}
