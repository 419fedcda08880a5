/** The proof: every endpoint shows the new serial number, a chain to the expected root, and the names. */
import type { JsonObject } from '../../../server/operations/contract.js';
import { fail, type Renewal } from './context.js';
import { lookAtAll, type Sighting } from './endpoints.js';
import { until } from './pacing.js';
import { expectedRoots } from './roots.js';

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

async function seen(renewal: Renewal, signal: AbortSignal) {
  const { pacing } = renewal;
  let last = await look(renewal, signal);
  const again = async () =>
    last.instead === null ? last : ((last = await look(renewal, signal)), last.instead === null ? last : null);
  await until(again, { limitMs: pacing.servedMs, signal, pacing });
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
