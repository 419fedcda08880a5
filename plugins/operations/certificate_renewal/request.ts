/** Key and request, stored before they are used: made by the device where it keeps its own key, else by us. */
import type { CsrWish } from '../../../server/platforms/contract.js';
import { fail, type Renewal } from './context.js';
import { machineRun } from './machine.js';

const rsaBits: Record<string, CsrWish['rsaBits']> = { 'rsa-2048': 2048, 'rsa-3072': 3072, 'rsa-4096': 4096 };

async function deviceCsr(renewal: Renewal, signal: AbortSignal): Promise<string> {
  const { context, settings } = renewal;
  const { makeCsr, title } = context.platform;
  if (!makeCsr) return fail(context, 'CSR_FAILED', `${title} makes no request of its own.`);
  const wish = { names: settings.names, rsaBits: rsaBits[settings.key] ?? null };
  context.message('The machine makes a key and a request');
  return makeCsr(await machineRun(renewal, signal), wish);
}

/** The key of the certificate before this one where it may be used again. */
async function usedKey({ context, desk, settings, certificate }: Renewal): Promise<string | null> {
  if (!settings.reuseKey) return null;
  const before = (await desk.store.ofConnection(context.connection.id)).find(
    ({ id, status, keyBy }) =>
      id !== certificate.id && keyBy === 'signalbox' && ['served', 'superseded'].includes(status),
  );
  return before ? desk.store.openKey(before.id) : null;
}

async function ownCsr(renewal: Renewal): Promise<string> {
  const { desk, settings, certificate } = renewal;
  const stored = await desk.store.openKey(certificate.id);
  const keyPem = stored ?? (await usedKey(renewal)) ?? (await desk.makeKey(settings.key));
  // A key that was made is stored before anybody hears of it.
  if (!stored) await desk.store.change(certificate.id, { keyPem });
  return desk.makeCsr(keyPem, settings.names);
}

async function assertNames({ context, desk, settings }: Renewal, csrPem: string): Promise<void> {
  const wanted = [...settings.names].sort();
  const got = await desk.csrNames(csrPem);
  if (got.join() === wanted.join()) return;
  fail(
    context,
    'CSR_NAMES_DIFFER',
    `The request is for ${got.join(', ') || 'no name'}, wanted is ${wanted.join(', ')}.`,
  );
}

export async function csr(renewal: Renewal, signal: AbortSignal): Promise<void> {
  const { context, desk, certificate } = renewal;
  const csrPem =
    certificate.csrPem ?? (await (certificate.keyBy === 'device' ? deviceCsr(renewal, signal) : ownCsr(renewal)));
  await assertNames(renewal, csrPem);
  renewal.certificate = await desk.store.change(certificate.id, { csrPem });
  context.log(certificate.keyBy === 'device' ? 'The machine keeps the key.' : 'The key is stored sealed.', 'note');
}
