/** The connection's private key, read before anything is sent, so that a bad one never counts as a failed sign-in. */
import type { ParsedKey } from 'ssh2';
import type { Credentials } from '../connections/contract.js';
import { SshError } from './errors.js';
import { formForSsh } from './key-form.js';
import { unsealKey } from './key-unsealing.js';

export type KeyParser = (data: string) => ParsedKey | Error;

const PKCS8 = /-----BEGIN PRIVATE KEY-----/u;
// Opening one is a single call into OpenSSL whose length the key decides and that nothing can end early.
const PKCS8_SEALED = /-----BEGIN ENCRYPTED PRIVATE KEY-----/u;

/** ssh2 and node tell these apart by their words only. */
const reasons: [RegExp, string, string | undefined][] = [
  [
    /unsupported (?:cipher|kdf)|not supported/iu,
    'The private key is encrypted in a way that is not supported.',
    'Write it anew with: ssh-keygen -p -f KEYFILE.',
  ],
  [
    /passphrase|bad decrypt|integrity check/iu,
    'The passphrase does not open the private key.',
    'Enter the right passphrase of the key.',
  ],
  [/unsupported/iu, 'The private key is of a form or type that is not supported.', undefined],
];

/** The parser's own error stays out: its text can hold a part of the key. */
function unreadable(error: Error): SshError {
  const [, message, hint] = reasons.find(([pattern]) => pattern.test(error.message)) ?? [];
  return new SshError('SSH_KEY_UNREADABLE', message, hint === undefined ? {} : { hint });
}

async function unsealed(sealed: string, passphrase: string | null, signal: AbortSignal): Promise<string> {
  if (passphrase) return formForSsh(await unsealKey(sealed, passphrase, signal));
  throw new SshError('SSH_KEY_UNREADABLE', 'The private key is encrypted and no passphrase is stored.', {
    hint: 'Enter the passphrase of the key.',
  });
}

/** The key in a form that needs no passphrase any more. */
async function plainForm(text: string, passphrase: string | null, parse: KeyParser, signal: AbortSignal) {
  if (PKCS8_SEALED.test(text)) throw new Error('Encryption of PKCS #8 is not supported.');
  if (PKCS8.test(text)) return formForSsh(text);
  const parsed = parse(text);
  const sealed = parsed instanceof Error && /no passphrase given/iu.test(parsed.message);
  return sealed ? unsealed(text, passphrase, signal) : text;
}

/** Null where the connection holds no key; throws `SSH_KEY_UNREADABLE`. */
export async function readPrivateKey(
  { privateKey, passphrase }: Credentials,
  parse: KeyParser,
  signal: AbortSignal,
): Promise<ParsedKey | null> {
  if (privateKey === null) return null;
  const parsed = await plainForm(privateKey.trim(), passphrase, parse, signal).then(parse, (error: Error) => error);
  if (parsed instanceof Error) throw signal.aborted || parsed instanceof SshError ? parsed : unreadable(parsed);
  if (parsed.isPrivateKey()) return parsed;
  throw new SshError('SSH_KEY_UNREADABLE', 'What is stored as private key is a public key.');
}
