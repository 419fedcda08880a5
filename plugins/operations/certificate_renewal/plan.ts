/** The plan: which certificate this run is about. One that was begun and fits is gone on with; else a new row is made. */
import type { StoredCertificate } from '../../../server/certificates/contract.js';
import type { Chain, Renewal } from './context.js';
import { lookAtAll } from './endpoints.js';
import { machineRun } from './machine.js';

/** Asked for, and not yet proven to be served. */
const OPEN = ['planned', 'finalizing', 'issued', 'installed'];

const sameNames = (a: string[], b: string[]) => [...a].sort().join() === [...b].sort().join();

/** Less than this before its end nobody wants it any more. */
function isFresh({ notBefore, notAfter }: StoredCertificate): boolean {
  if (notBefore === null || notAfter === null) return true;
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  return to - Date.now() > (to - from) / 3;
}

function fits({ settings, place, authority }: Chain, certificate: StoredCertificate): boolean {
  const { names, authorityId, keyBy, status } = certificate;
  const asWanted = authorityId === authority.id && keyBy === place.keyBy && sameNames(names, settings.names);
  return OPEN.includes(status) && asWanted && isFresh(certificate);
}

/** The newest open one; others that no longer fit are given up. */
async function begun(chain: Chain): Promise<StoredCertificate | null> {
  const { desk, context } = chain;
  const open = (await desk.store.ofConnection(context.connection.id)).filter(({ status }) => OPEN.includes(status));
  const [first, ...rest] = open.filter((certificate) => fits(chain, certificate));
  const given = [...rest, ...open.filter((certificate) => !fits(chain, certificate))];
  for (const { id, chainPem } of given) await desk.store.change(id, { status: chainPem ? 'superseded' : 'abandoned' });
  return first ?? null;
}

/** What this one replaces, as ARI names it: the newest one of the same CA that was in use. */
async function replaced({ desk, context, authority }: Chain): Promise<string | null> {
  const before = (await desk.store.ofConnection(context.connection.id)).find(
    ({ status, authorityId, chainPem }) => status === 'served' && authorityId === authority.id && chainPem,
  );
  if (!before?.chainPem) return null;
  return desk.ariId(before.chainPem).catch((error: unknown) => {
    if ((error as { code?: string }).code === 'CA_NO_ARI_ID') return null;
    throw error;
  });
}

export async function planned(chain: Chain): Promise<StoredCertificate> {
  const { desk, context, settings, authority, place } = chain;
  return desk.store.plan({
    ...{ connectionId: context.connection.id, authorityId: authority.id, operationId: context.id },
    ...{ names: settings.names, keyBy: place.keyBy, replaces: await replaced(chain) },
  });
}

/** Says what is served now; that nothing is, is no reason to stop. */
async function tellServed(chain: Chain, signal: AbortSignal): Promise<void> {
  for (const { name, seen, failure } of await lookAtAll(chain, signal)) {
    const what = seen ? `serial ${seen.serialNumber} until ${seen.notAfter}, by ${seen.issuer}` : failure;
    chain.context.log(`${name} serves now: ${what}`, 'note');
  }
}

/** A machine that makes the key is needed before the CA can issue: better to know now that it can't be asked. */
async function assertReady(chain: Chain, signal: AbortSignal): Promise<void> {
  const { context, place } = chain;
  const { checkInstall } = context.platform;
  if (place.keyBy !== 'device' || !checkInstall) return;
  context.log(await checkInstall(await machineRun(chain, signal)), 'note');
}

export async function plan(chain: Chain, signal: AbortSignal): Promise<Renewal> {
  const { context, settings, authority } = chain;
  context.message(`${settings.names.join(', ')} from ${authority.name}`);
  await tellServed(chain, signal);
  const found = await begun(chain);
  const certificate = found ?? (await planned(chain));
  if (!certificate.chainPem) await assertReady(chain, signal);
  if (found) context.log(`Going on with the certificate that was begun at ${found.createdAt}.`, 'note');
  context.result({ names: settings.names, authority: authority.name, certificateId: certificate.id });
  return { ...chain, certificate };
}
