/** From the CA's account to the stored chain. The order says what comes next, whoever began it. */
import type { AcmeAccount, AcmeOrder } from '../../../server/acme/contract.js';
import { placeAll, type Placing } from './challenges.js';
import { fail, type Renewal } from './context.js';
import { finalize, storeChain } from './issuing.js';
import { currentOrder } from './order.js';
import { seenEverywhere } from './propagation.js';
import { csr } from './request.js';
import { validate } from './validation.js';

async function prove(renewal: Renewal, account: AcmeAccount, order: AcmeOrder): Promise<void> {
  const { context } = renewal;
  if (order.status !== 'pending') return;
  const placing: Placing = await context.step('challenge', ({ signal }) =>
    placeAll(renewal, account, order.url, signal),
  );
  const rows = placing.placed.map(({ row }) => row);
  await context.step('propagation', (step) => seenEverywhere(renewal, { rows, manual: placing.manual }, step));
  await context.step('validate', ({ signal }) => validate(renewal, account, placing, signal));
}

export async function issue(renewal: Renewal): Promise<void> {
  const { context, desk, authority } = renewal;
  const log = (text: string) => context.log(text, 'note');
  // The account lives longer than its step, so it hears the run's own signal.
  const account = await context.step('account', () => desk.account(authority, { signal: context.signal, log }));
  const order = await context.step('order', () => currentOrder(renewal, account));
  if (order.status === 'invalid')
    fail(context, 'ORDER_INVALID', order.problem?.detail ?? 'The CA has given up the order.');
  await prove(renewal, account, order);
  if (order.status === 'pending' || order.status === 'ready')
    await context.step('csr', ({ signal }) => csr(renewal, signal));
  await context.step('finalize', ({ signal }) => finalize(renewal, account, signal));
  await context.step('store', () => storeChain(renewal, account));
}
