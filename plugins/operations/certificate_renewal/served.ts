/** The proof: every endpoint shows the new serial number, a chain to the expected root, and the names. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../../server/operations/contract.js';
import { fail, type Renewal } from './context.js';
import { lookAtAll, type Sighting } from './endpoints.js';
import { expectedRoots } from './roots.js';

/** How many looks must be good, one after the other. */
const IN_A_ROW = 3;

/** Why this is not what has to be seen; null where it is. */
function shortcoming({ name, seen, failure }: Sighting, serialNumber: string): string | null {
  if (!seen) return failure ?? `${name} shows nothing.`;
  if (seen.serialNumber !== serialNumber)
    return `${name} serves serial ${seen.serialNumber} of ${seen.subject}, valid until ${seen.notAfter}.`;
  if (!seen.trusted) return `${name} serves the new certificate, but ${seen.trustError ?? 'its chain leads nowhere'}`;
  if (seen.missingNames.length > 0) return `${name} serves a certificate without ${seen.missingNames.join(', ')}.`;
  return null;
}

/** One look at everything. */
async function look(renewal: Renewal, signal: AbortSignal): Promise<{ all: Sighting[]; instead: string | null }> {
  const { authority, certificate } = renewal;
  const rootsPem = expectedRoots(renewal).pems.join('\n') || authority.issuedRootsPem;
  const all = await lookAtAll({ ...renewal, authority: { ...authority, issuedRootsPem: rootsPem } }, signal);
  const instead = all.map((one) => shortcoming(one, certificate.serialNumber ?? '')).find((why) => why !== null);
  return { all, instead: instead ?? null };
}

/** One look, now: null where everything is served. */
export async function servedInstead(renewal: Renewal, signal: AbortSignal): Promise<string | null> {
  return (await look(renewal, signal)).instead;
}

/** The last look, which is good only where several in a row were: while a server reloads, its old worker still answers some. */
async function seen(renewal: Renewal, signal: AbortSignal) {
  const { pacing } = renewal;
  const began = performance.now();
  let last = await look(renewal, signal);
  for (let good = last.instead === null ? 1 : 0; good < IN_A_ROW; good = last.instead === null ? good + 1 : 0) {
    if (last.instead !== null && performance.now() - began > pacing.servedMs) break;
    await sleep(pacing.firstGapMs, undefined, { signal });
    last = await look(renewal, signal);
  }
  return last;
}

/** For a platform that takes back what is not served. */
export async function seenInTime(renewal: Renewal, signal: AbortSignal): Promise<{ served: boolean; instead: string }> {
  const { instead } = await seen(renewal, signal);
  return { served: instead === null, instead: instead ?? '' };
}

export async function seeServed(renewal: Renewal, signal: AbortSignal): Promise<JsonObject> {
  const { context, desk, certificate } = renewal;
  const { all, instead } = await seen(renewal, signal);
  await desk.keepSeen(
    context.connection.id,
    all.flatMap(({ seen }) => (seen ? [seen] : [])),
  );
  if (instead !== null) fail(context, 'INSTALLED_NOT_SERVED', `The certificate is installed, not served: ${instead}`);
  if (!expectedRoots(renewal).known)
    context.log('The CA’s root is not known here: the chain was checked up to what the CA itself sent.', 'note');
  renewal.certificate = await desk.store.change(certificate.id, { status: 'served' });
  const endpoints = all.map(({ name }) => name);
  context.message(`${endpoints.join(' and ')} ${endpoints.length === 1 ? 'serves' : 'serve'} the new certificate`);
  return { serialNumber: certificate.serialNumber, notAfter: certificate.notAfter, servedBy: endpoints };
}
