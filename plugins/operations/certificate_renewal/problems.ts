/** What a CA says of a failed validation, as a sentence and as something to do. */
import type { AcmeProblem } from '../../../server/acme/contract.js';
import { failures } from './codes.js';

/** By the problem's type (RFC 8555 §6.7). */
const hints: Record<string, string> = {
  connection: 'The CA must reach the name on port 80: look at DNS, firewall and proxy, then retry.',
  dns: 'Look at the records of the name (A, AAAA, TXT, delegation), then retry.',
  unauthorized: 'Something else answers at this name: look where it leads, and at what the CA found there.',
  incorrectResponse: 'Something else answers at this name: look where it leads, and at what the CA found there.',
  caa: 'Allow this CA in the CAA record of the name, then retry.',
  tls: 'Look at the TLS of the name, then retry.',
  rateLimited: 'Wait as long as the CA says; another try before that only makes it longer.',
};

export function problemSentence(name: string, problem: AcmeProblem | null): { sentence: string; hint: string } {
  const { hint } = failures.CHALLENGE_FAILED;
  if (!problem) return { sentence: `The CA could not validate ${name} and does not say why.`, hint };
  const detail = problem.detail.replace(/\.$/, '');
  return {
    sentence: `The CA could not validate ${name}: ${detail} (${problem.type}).`,
    hint: hints[problem.type] ?? hint,
  };
}
