/** Tells the CA to look, and waits until every name is valid. */
import type { AcmeAccount, AcmeAuthorization } from '../../../server/acme/contract.js';
import { giveUp, type Placing } from './challenges.js';
import { fail, type Renewal } from './context.js';
import { until } from './pacing.js';

const FAILED = ['invalid', 'deactivated', 'expired', 'revoked'];

function failedChallenge({ challenges }: AcmeAuthorization) {
  return challenges.find(({ problem }) => problem !== null) ?? challenges[0];
}

async function look(renewal: Renewal, account: AcmeAccount, orderUrl: string): Promise<true | null> {
  const authorizations = await account.authorizations(orderUrl);
  const failed = authorizations.find(({ status }) => FAILED.includes(status));
  const challenge = failed && failedChallenge(failed);
  if (failed && challenge) await giveUp(renewal, failed, challenge);
  return authorizations.every(({ status }) => status === 'valid') ? true : null;
}

export async function validate(
  renewal: Renewal,
  account: AcmeAccount,
  { placed }: Placing,
  signal: AbortSignal,
): Promise<void> {
  const { context, certificate, pacing } = renewal;
  for (const { challenge } of placed) if (challenge.status === 'pending') await account.answer(challenge.url);
  const limitMs = pacing.authorityMs;
  const seen = await until(() => look(renewal, account, certificate.orderUrl ?? ''), { limitMs, signal, pacing });
  if (!seen) fail(context, 'CHALLENGE_FAILED', 'The CA did not finish looking at the challenges in time.');
}
