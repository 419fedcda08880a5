/** The connection's private key, parsed before anything is sent, so that a bad one never counts as a failed sign-in. */
import type { ParsedKey } from 'ssh2';
import type { Credentials } from '../connections/contract.js';
import { SshError } from './errors.js';

export type KeyParser = (data: string, passphrase?: string) => ParsedKey | Error;

/** ssh2 tells these apart by its words only. */
const reasons: [RegExp, string, string | undefined][] = [
  [/no passphrase/iu, 'The private key is encrypted and no passphrase is stored.', 'Enter the passphrase of the key.'],
  [
    /passphrase|bad decrypt|integrity check/iu,
    'The passphrase does not open the private key.',
    'Enter the right passphrase of the key.',
  ],
  [
    /not supported|unsupported (?:cipher|kdf)/iu,
    'The private key is encrypted in a way that is not supported.',
    undefined,
  ],
  [/unsupported/iu, 'The private key is of a form or type that is not supported.', undefined],
];

function unreadable(cause: Error): SshError {
  const [, message, hint] = reasons.find(([pattern]) => pattern.test(cause.message)) ?? [];
  // The cause stays out: a parser's own text can hold a part of the key.
  return new SshError('SSH_KEY_UNREADABLE', message, hint === undefined ? {} : { hint });
}

/** Null where the connection holds no key; throws `SSH_KEY_UNREADABLE`. */
export function readPrivateKey(credentials: Credentials, parse: KeyParser): ParsedKey | null {
  if (credentials.privateKey === null) return null;
  const parsed = parse(credentials.privateKey, credentials.passphrase ?? undefined);
  if (parsed instanceof Error) throw unreadable(parsed);
  if (parsed.isPrivateKey()) return parsed;
  throw new SshError('SSH_KEY_UNREADABLE', 'What is stored as private key is a public key.');
}
