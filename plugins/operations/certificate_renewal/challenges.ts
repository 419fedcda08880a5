/** Challenges: noted before they are put up, and taken away in the end, whatever that was. */
import type { AcmeAccount, AcmeAuthorization, AcmeChallenge } from '../../../server/acme/contract.js';
import type { ChallengeKind, PlacedChallenge } from '../../../server/certificates/contract.js';
import { fail, type Chain, type Renewal } from './context.js';
import { dnsOf } from './dns.js';
import { machineRun } from './machine.js';
import { problemSentence } from './problems.js';

/** How long taking one away may take at the end of a run that was cancelled or has timed out. */
const CLEAN_UP_MS = 30_000;

export interface Placed {
  authorization: AcmeAuthorization;
  challenge: AcmeChallenge;
  row: PlacedChallenge;
}

/** What was placed for which authorisation. */
export interface Placing {
  placed: Placed[];
  /** A person sets the records. */
  manual: boolean;
}

const acmeType = (kind: ChallengeKind) => (kind === 'dns-01' ? 'dns-01' : 'http-01');

function chosen({ context, settings }: Chain, authorization: AcmeAuthorization): AcmeChallenge {
  const { name, wildcard, challenges } = authorization;
  const type = acmeType(settings.challenge);
  const challenge = challenges.find((one) => one.type === type);
  if (challenge) return challenge;
  const offered = challenges.map((one) => one.type).join(', ') || 'nothing';
  const whole = wildcard ? `*.${name}` : name;
  return fail(context, 'CHALLENGE_UNSUPPORTED', `The CA offers ${offered} for ${whole}, not ${type}.`);
}

/** Where it stands: the record's name at the end of its CNAMEs, or the token. */
async function placeOf(chain: Chain, name: string, token: string, signal: AbortSignal): Promise<string> {
  if (chain.settings.challenge !== 'dns-01') return token;
  const { provider } = await dnsOf(chain);
  const record = `_acme-challenge.${name}`;
  if (provider.followsCname === false) return record;
  return chain.desk.view.target(record, signal);
}

export async function put(chain: Chain, row: PlacedChallenge, signal: AbortSignal): Promise<void> {
  const { context } = chain;
  if (row.kind === 'dns-01') {
    const { provider, run } = await dnsOf(chain, row.dnsCredentialId, signal);
    await provider.place(run, { name: row.name, value: row.value });
  } else if (row.kind === 'http-01-host') {
    await context.platform.placeChallenge?.(await machineRun(chain, signal), row.name, row.value);
  }
  // An http-01 row is what the responder answers: noting it was placing it.
}

async function removeOne(chain: Chain, row: PlacedChallenge, signal: AbortSignal): Promise<void> {
  if (row.kind === 'dns-01') {
    const { provider, run } = await dnsOf(chain, row.dnsCredentialId, signal);
    await provider.remove(run, { name: row.name, value: row.value });
  } else if (row.kind === 'http-01-host') {
    await chain.context.platform.removeChallenge?.(await machineRun(chain, signal), row.name);
  }
  await chain.desk.challenges.removed(row.id);
}

/** Takes away what fits; what resists stays noted and is tried again later. */
async function remove(chain: Chain, fits: (row: PlacedChallenge) => boolean): Promise<void> {
  const { context, desk } = chain;
  // Not the run's own signal: it may be aborted already, and this has to be done all the same.
  const signal = AbortSignal.timeout(CLEAN_UP_MS);
  for (const row of (await desk.challenges.ofConnection(context.connection.id)).filter(fits)) {
    try {
      await removeOne(chain, row, signal);
      context.log(`Taken away: ${row.kind} ${row.name}`, 'note');
    } catch (error) {
      context.log(`Still there, will be tried again: ${row.kind} ${row.name} (${(error as Error).message})`, 'err');
    }
  }
}

/** At the end of a run nothing of this connection may stay: no other renewal runs on it. */
export function takeAway(chain: Chain): Promise<void> {
  return remove(chain, () => true);
}

export async function placeAll(
  renewal: Renewal,
  account: AcmeAccount,
  orderUrl: string,
  signal: AbortSignal,
): Promise<Placing> {
  const { context, settings, certificate } = renewal;
  await remove(renewal, (row) => row.certificateId !== certificate.id);
  const placed: Placed[] = [];
  for (const authorization of await account.authorizations(orderUrl)) {
    if (authorization.status === 'valid') continue;
    const challenge = chosen(renewal, authorization);
    if (authorization.status !== 'pending') return giveUp(renewal, authorization, challenge);
    placed.push({ authorization, challenge, row: await noted(renewal, authorization, challenge, signal) });
  }
  for (const { row } of placed) await put(renewal, row, signal);
  const manual = settings.challenge === 'dns-01' && (await dnsOf(renewal)).provider.manual === true;
  context.log(`Placed: ${placed.map(({ row }) => `${row.kind} ${row.name}`).join(', ') || 'nothing to place'}`, 'note');
  return { placed, manual };
}

async function noted(
  renewal: Renewal,
  { name }: AcmeAuthorization,
  { token, answer }: AcmeChallenge,
  signal: AbortSignal,
): Promise<PlacedChallenge> {
  const { context, desk, settings, certificate } = renewal;
  return desk.challenges.note({
    ...{ operationId: context.id, connectionId: context.connection.id, certificateId: certificate.id },
    ...{ kind: settings.challenge, name: await placeOf(renewal, name, token, signal), value: answer },
    dnsCredentialId: settings.challenge === 'dns-01' ? settings.dnsCredentialId : null,
  });
}

/** An authorisation that failed before takes its order with it. */
export async function giveUp(
  renewal: Renewal,
  { name }: AcmeAuthorization,
  { problem }: AcmeChallenge,
): Promise<never> {
  const { context, desk, certificate } = renewal;
  await desk.store.change(certificate.id, { status: 'abandoned' });
  const { sentence, hint } = problemSentence(name, problem);
  return context.fail('CHALLENGE_FAILED', sentence, { hint, retryable: true });
}
