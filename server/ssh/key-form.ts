/** Private keys from PKCS #8, which ssh2 does not read, into forms that it does. */
import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';

const BLOCK = 8;

function counted(part: Buffer | string): Buffer {
  const bytes = Buffer.from(part);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** OpenSSH's own form, unencrypted, as its PROTOCOL.key describes it; ed25519 has no older one. */
function openSshForm(key: KeyObject): string {
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  const [point, seed] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  const type = counted('ssh-ed25519');
  const check = randomBytes(4);
  const secret = [check, check, type, counted(point), counted(Buffer.concat([seed, point])), counted('')];
  const length = Buffer.concat(secret).length;
  const padding = Buffer.from(Array.from({ length: (BLOCK - (length % BLOCK)) % BLOCK }, (_, index) => index + 1));
  const blob = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[counted('none'), counted('none'), counted('')],
    Buffer.from([0, 0, 0, 1]),
    counted(Buffer.concat([type, counted(point)])),
    counted(Buffer.concat([...secret, padding])),
  ]);
  const lines = blob.toString('base64').match(/.{1,70}/gu) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** Takes an unencrypted PEM that node reads; throws where the key is of a type that SSH has no use for. */
export function formForSsh(pem: string): string {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType === 'ed25519') return openSshForm(key);
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString();
  if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString();
  throw new Error('Unsupported key type.');
}
