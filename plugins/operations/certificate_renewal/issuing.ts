/** Finalises the order and keeps the chain, once it is found to be what was asked for. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { AcmeAccount, AcmeOrder } from '../../../server/acme/contract.js';
import { fail, type Renewal } from './context.js';
import { until } from './pacing.js';

async function issued(renewal: Renewal, account: AcmeAccount, orderUrl: string): Promise<true | null> {
  const order: AcmeOrder = await account.order(orderUrl);
  if (order.status === 'invalid') {
    await renewal.desk.store.change(renewal.certificate.id, { status: 'abandoned' });
    fail(renewal.context, 'ORDER_INVALID', order.problem?.detail ?? 'The CA has given up the order.');
  }
  return order.status === 'valid' ? true : null;
}

export async function finalize(renewal: Renewal, account: AcmeAccount, signal: AbortSignal): Promise<void> {
  const { context, desk, certificate, pacing } = renewal;
  const { orderUrl, csrPem } = certificate;
  if (!orderUrl) throw new Error('expected an order to finalise, got none');
  const order = await account.order(orderUrl);
  if (order.status === 'ready') {
    if (!csrPem) throw new Error('expected a request to send, got none');
    renewal.certificate = await desk.store.change(certificate.id, { status: 'finalizing' });
    await account.finalize(orderUrl, csrPem);
  }
  const limitMs = pacing.authorityMs;
  const done = await until(() => issued(renewal, account, orderUrl), { limitMs, signal, pacing });
  if (!done) fail(context, 'ORDER_NOT_ISSUED', 'The CA did not issue the certificate in time.');
}

function namesOf({ subjectAltName }: X509Certificate): string[] {
  const names = (subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'));
  return names.map((name) => name.slice(4).toLowerCase()).sort();
}

/** The CA must not have added or dropped a name, nor signed another key. */
async function assertAsked(renewal: Renewal, leaf: X509Certificate): Promise<void> {
  const { context, desk, certificate } = renewal;
  const [got, wanted] = [namesOf(leaf), [...certificate.names].sort()];
  if (got.join() !== wanted.join())
    fail(context, 'CHAIN_WRONG', `The certificate is for ${got.join(', ')}, asked for was ${wanted.join(', ')}.`);
  const keyPem = certificate.keyBy === 'signalbox' ? await desk.store.openKey(certificate.id) : null;
  if (keyPem && !leaf.checkPrivateKey(createPrivateKey(keyPem)))
    fail(context, 'CHAIN_WRONG', 'The certificate belongs to another key than the request.');
}

export async function storeChain(renewal: Renewal, account: AcmeAccount): Promise<void> {
  const { context, desk, certificate, settings } = renewal;
  const chainPem = await account.chain(certificate.orderUrl ?? '', settings.preferredChain);
  const leaf = new X509Certificate(chainPem);
  await assertAsked(renewal, leaf);
  const [notBefore, notAfter] = [new Date(leaf.validFrom).toISOString(), new Date(leaf.validTo).toISOString()];
  const { serialNumber } = leaf;
  const change = { status: 'issued', chainPem, serialNumber, notBefore, notAfter } as const;
  renewal.certificate = await desk.store.change(certificate.id, change);
  context.result({ serialNumber, notAfter });
  context.log(`Issued: serial ${serialNumber}, valid until ${notAfter}.`, 'note');
}
