/** The order: the one that was made before, in whatever state it is, or a new one whose URL is stored at once. */
import type { AcmeAccount, AcmeOrder } from '../../../server/acme/contract.js';
import type { Renewal } from './context.js';
import { planned } from './plan.js';

/** The CA knows nothing of the order any more. */
function isGone(error: unknown): boolean {
  const { code, problem } = error as { code?: string; problem?: { type: string } | null };
  return code === 'CA_NOT_FOUND' || problem?.type === 'malformed';
}

async function stored(account: AcmeAccount, url: string): Promise<AcmeOrder | null> {
  return account.order(url).catch((error: unknown) => {
    if (isGone(error)) return null;
    throw error;
  });
}

async function ordered(renewal: Renewal, account: AcmeAccount): Promise<AcmeOrder> {
  const { context, desk, authority, settings, certificate } = renewal;
  await desk.allowOrder(authority, settings.names);
  const { names, replaces } = certificate;
  const order = await account.newOrder({ names, profile: settings.profile, replaces });
  renewal.certificate = await desk.store.change(certificate.id, { orderUrl: order.url });
  context.log(`Order ${order.url}`, 'note');
  return order;
}

/** Gives the row up and begins another one: an order that ended badly never becomes a certificate. */
async function again(renewal: Renewal, account: AcmeAccount): Promise<AcmeOrder> {
  await renewal.desk.store.change(renewal.certificate.id, { status: 'abandoned' });
  renewal.certificate = await planned(renewal);
  return ordered(renewal, account);
}

export async function currentOrder(renewal: Renewal, account: AcmeAccount): Promise<AcmeOrder> {
  const { context, certificate } = renewal;
  if (!certificate.orderUrl) return ordered(renewal, account);
  const order = await stored(account, certificate.orderUrl);
  if (order && order.status !== 'invalid') {
    context.log(`Going on with the order ${order.url}, which is ${order.status}.`, 'note');
    return order;
  }
  context.log(order ? 'The CA has given the earlier order up.' : 'The CA no longer knows the earlier order.', 'note');
  return again(renewal, account);
}
