/** An account that mends itself: where the CA no longer knows it, it is forgotten, and the next try registers a new one. */
import type { AcmeAccount } from '../acme/contract.js';
import { OperationError } from '../operations/errors.js';

const isGone = (error: unknown): boolean => error instanceof OperationError && error.code === 'CA_ACCOUNT_GONE';

/** The same account; `forget` is awaited before a call rejects with CA_ACCOUNT_GONE. */
export function forgettable(account: AcmeAccount, forget: (url: string) => Promise<void>): AcmeAccount {
  const mending = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      if (isGone(error)) await forget(account.url);
      throw error;
    }
  };
  return {
    url: account.url,
    newOrder: (order) => mending(account.newOrder(order)),
    order: (url) => mending(account.order(url)),
    authorizations: (orderUrl) => mending(account.authorizations(orderUrl)),
    answer: (challengeUrl) => mending(account.answer(challengeUrl)),
    finalize: (orderUrl, csrPem) => mending(account.finalize(orderUrl, csrPem)),
    chain: (orderUrl, preferredIssuer) => mending(account.chain(orderUrl, preferredIssuer)),
    revoke: (certificatePem, reason) => mending(account.revoke(certificatePem, reason)),
  };
}
