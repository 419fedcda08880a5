/** What stands in the Authorization header, read strictly and before anything is verified. */
import { TokenRefusal } from './refusals.js';

export interface UnverifiedToken {
  /** As sent: three parts of base64url. */
  text: string;
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
}

const BEARER = /^Bearer +([^ ]+)$/i;
const LONGEST = 8192;
// RFC 9068 and RFC 7519; anything else is a token for another purpose.
const TYPES: readonly unknown[] = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];
// An ECDSA signature of any other length makes the verifier throw instead of refusing (ecdsa-sig-formatter).
const ECDSA_BYTES: ReadonlyMap<unknown, number> = new Map([
  ['ES256', 64],
  ['ES384', 96],
  ['ES512', 132],
]);

/** Decodes one part; Buffer takes what base64url does not allow, so the way back has to give the same text. */
function bytesOf(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw new TokenRefusal('malformed');
  return bytes;
}

function objectOf(bytes: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new TokenRefusal('malformed', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TokenRefusal('malformed');
  return value as Record<string, unknown>;
}

function checkHeader(header: Record<string, unknown>, signature: Buffer): void {
  const { alg, typ, kid } = header;
  const type = typeof typ === 'string' ? typ.toLowerCase() : typ;
  const length = ECDSA_BYTES.get(alg);
  // `crit` names extensions that must be understood, and we understand none (RFC 7515 §4.1.11); nor `b64` (RFC 7797).
  const extended = Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64');
  const sound =
    typeof alg === 'string' && (kid === undefined || typeof kid === 'string') && TYPES.includes(type) && !extended;
  if (!sound || signature.length === 0 || (length !== undefined && signature.length !== length))
    throw new TokenRefusal('malformed');
}

/** The token of an Authorization header as it was sent; throws a TokenRefusal `missing` or `malformed`. */
export function bearerText(authorization: unknown): string {
  if (typeof authorization !== 'string' || !/^Bearer\b/i.test(authorization)) throw new TokenRefusal('missing');
  const text = BEARER.exec(authorization)?.[1] ?? '';
  if (text === '' || text.length > LONGEST) throw new TokenRefusal('malformed');
  return text;
}

/** Reads what stands in a token; throws a TokenRefusal `malformed`. */
export function readToken(text: string): UnverifiedToken {
  const parts = text.split('.', 4);
  if (parts.length !== 3) throw new TokenRefusal('malformed');
  const [header, payload, signature] = parts.map(bytesOf);
  if (!header || !payload || !signature) throw new TokenRefusal('malformed');
  const token = { text, header: objectOf(header), payload: objectOf(payload) };
  checkHeader(token.header, signature);
  return token;
}
