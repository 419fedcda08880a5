/** Signed messages to the server, and only answers that it signed itself. */
import { randomInt } from 'node:crypto';
import type { DnsCode, DnsRun } from '../../../server/dns/contract.js';
import { exchange } from './exchange.js';
import { failure } from './failure.js';
import { settingsOf } from './settings.js';
import { TSIG_ERROR, sign, verify, type Verdict } from './tsig.js';
import { messageBytes, parse, type Parsed } from './wire.js';

export interface Answer extends Parsed {
  bytes: Buffer;
}

const RCODES: Record<number, [word: string, code: DnsCode, hint: string]> = {
  1: ['FORMERR', 'DNS_FAILED', 'Check that the server takes dynamic updates.'],
  2: ['SERVFAIL', 'DNS_FAILED', 'See in its log why; often it may not write the file of the zone.'],
  4: ['NOTIMP', 'DNS_FAILED', 'Check that the server takes dynamic updates.'],
  5: ['REFUSED', 'DNS_REFUSED', 'Let the TSIG key write TXT records at this name.'],
  9: ['NOTAUTH', 'DNS_ZONE_UNKNOWN', 'Check the zone, and that this server is its primary.'],
  10: ['NOTZONE', 'DNS_ZONE_UNKNOWN', 'Check the zone: the name lies outside.'],
};

const KEY_ERRORS: Record<number, [word: string, hint: string]> = {
  [TSIG_ERROR.BADSIG]: ['BADSIG', 'Check the secret of the TSIG key.'],
  [TSIG_ERROR.BADKEY]: ['BADKEY', 'Check the name and the algorithm of the TSIG key.'],
  [TSIG_ERROR.BADTIME]: ['BADTIME', 'Set the clocks of both machines: they differ by more than five minutes.'],
  [TSIG_ERROR.BADTRUNC]: ['BADTRUNC', 'Check the algorithm of the TSIG key.'],
};

/** A refusal of the key may be unsigned: whoever forges it gains nothing but a failure. */
function assertProven(server: string, { state, error }: Verdict): void {
  const [word, hint] = KEY_ERRORS[error] ?? [];
  if (word && hint) throw failure('DNS_REFUSED', `The name server ${server} refused the TSIG key (${word}).`, hint);
  if (state === 'good') return;
  const why = state === 'unsigned' ? 'is not signed' : 'is not signed by the TSIG key';
  throw failure(
    'DNS_FAILED',
    `The answer of the name server ${server} ${why}.`,
    'Check that nothing stands between Signalbox and the server.',
  );
}

export function assertDone(server: string, { rcode }: Parsed): void {
  if (rcode === 0) return;
  const [word, code, hint] = RCODES[rcode] ?? [`code ${rcode}`, 'DNS_FAILED' as const, 'See in its log why.'];
  throw failure(code, `The name server ${server} answered ${word}.`, hint);
}

/** The answer, whatever its code; rejects where it is not proven to be the server's own. */
export async function ask(run: DnsRun, opcode: number, question: Buffer, updates: Buffer[] = []): Promise<Answer> {
  const { server, keyName: name, algorithm, secret } = settingsOf(run);
  const key = { name, algorithm, secret };
  const id = randomInt(0x1_0000);
  const request = sign(key, messageBytes(id, opcode, question, updates));
  const bytes = await exchange(run, request.bytes);
  const { answer, verdict } = read(server, () => ({ answer: parse(bytes), verdict: verify(key, request, bytes) }));
  // A server that does not even know the form of the message can't sign its answer.
  if (verdict.state === 'unsigned' && verdict.error === 0 && answer.rcode !== 0) assertDone(server, answer);
  assertProven(server, verdict);
  if (answer.id !== id) throw failure('DNS_FAILED', `The name server ${server} answered something else.`, 'Try again.');
  return { ...answer, bytes };
}

function read<T>(server: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = `The answer of the name server ${server} can’t be read.`;
    throw failure('DNS_FAILED', message, 'Check that a DNS server listens on this port.', cause);
  }
}
