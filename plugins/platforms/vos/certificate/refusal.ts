/** What the appliance says when it refuses, and what that means. Sources: peers that met these answers; bodies vary. */
import type { InstallFailure } from '../../../../server/platforms/contract.js';
import { plainLine } from '../../../../server/ssh/text.js';
import type { Answer } from './exchange.js';

/** What was asked for when it was refused. */
export type Purpose = 'read' | 'csr' | 'trust' | 'identity';

export interface Refusal {
  code: InstallFailure;
  message: string;
}

const MAX_MESSAGES = 5;

function sentencesIn(body: unknown): string[] {
  if (typeof body === 'string') return [body];
  if (Array.isArray(body)) return body.slice(0, MAX_MESSAGES).flatMap(sentencesIn);
  if (typeof body !== 'object' || body === null) return [];
  const { message, error, messages } = body as Record<string, unknown>;
  const said = [message, error, messages].filter((one) => one !== undefined && one !== null && one !== '');
  return said.slice(0, 1).flatMap(sentencesIn);
}

/** What the answer's JSON holds; its text without the markup where it is none. */
export function bodyOf({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Tomcat's own pages are HTML: what is left without the markup says as much.
    return text.replace(/<style[^]*?<\/style>|<[^>]*>/giu, ' ');
  }
}

/** The appliance's own words on one line; empty where it gave none. */
export function wordsOf(answer: Answer): string {
  return plainLine(sentencesIn(bodyOf(answer)).join(' '));
}

const doings: Record<Purpose, string> = {
  read: 'did not tell its certificates',
  csr: 'made no certificate request',
  trust: 'did not take the CA certificate',
  identity: 'did not take the certificate',
};

function codeOf(purpose: Purpose, status: number, words: string): InstallFailure {
  if (purpose !== 'identity') return 'INSTALL_FAILED';
  // “CSR SAN and Certificate SAN does not match” (Cisco TAC 200641).
  if (/\bSANs?\b.*\bmatch/iu.test(words)) return 'INSTALL_NAMES_DIFFER';
  if (/\b(?:csr|request|key)\b/iu.test(words) && /match/iu.test(words)) return 'INSTALL_STALE_CSR';
  if (status === 400 && (words === '' || /\bCA\b|\btrust|\bissuer|\bchain|\broot\b/iu.test(words)))
    return 'INSTALL_CA_MISSING';
  return 'INSTALL_FAILED';
}

/** What a status that is no 2xx means, with the appliance's own words in the message. */
export function refusalOf(purpose: Purpose, answer: Answer, host: string): Refusal {
  const { status } = answer;
  const words = wordsOf(answer);
  const said = `${status}${words === '' ? '' : `: ${words}`}`;
  if (status >= 300 && status < 400)
    return { code: 'INSTALL_FAILED', message: `${host} answered with a redirect (${status}), which is not followed.` };
  if (status === 404 && purpose !== 'identity')
    return {
      code: 'INSTALL_FAILED',
      message: `${host} has no such certificate interface, which came with release 14 (${said}).`,
    };
  if (status === 401) return { code: 'INSTALL_NOT_PERMITTED', message: `${host} refused the login (${said}).` };
  if (status === 403)
    return {
      code: 'INSTALL_NOT_PERMITTED',
      message: `${host} ${doings[purpose]}: the account may not do this (${said}).`,
    };
  return { code: codeOf(purpose, status, words), message: `${host} ${doings[purpose]} (${said}).` };
}
