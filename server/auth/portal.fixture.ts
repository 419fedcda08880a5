/** A portal for tests: its keys, its JWKS endpoint on the loopback, and a signer that signs anything that it is told. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Pair {
  kid: string;
  alg: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

type Part = string | object;
export type Signer = (input: string) => Buffer;

export const b64 = (part: Part | Buffer): string =>
  (Buffer.isBuffer(part) ? part : Buffer.from(typeof part === 'string' ? part : JSON.stringify(part))).toString(
    'base64url',
  );

/** A compact JWS out of anything: a string goes in as it is, so that it can be broken JSON. */
export function jws(header: Part, payload: Part, signer: Signer): string {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

/** Signs by algorithm and private key; `key` of an HMAC may be any bytes. */
export const hmac =
  (bits: 256 | 384 | 512, key: string | Buffer): Signer =>
  (input) =>
    createHmac(`sha${bits}`, key).update(input).digest();

export const rsa =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), key);

export const ecdsa =
  (key: KeyObject, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding });

export const eddsa =
  (key: KeyObject): Signer =>
  (input) =>
    sign(null, Buffer.from(input), key);

export function signerOf({ alg, privateKey }: Pair): Signer {
  if (alg === 'EdDSA') return eddsa(privateKey);
  return alg.startsWith('ES') ? ecdsa(privateKey) : rsa(privateKey);
}

/** A new key pair for RS256, ES256 or EdDSA. */
export function pair(kid: string, alg: string, bits = 2048): Pair {
  if (alg === 'EdDSA') return { kid, alg, ...generateKeyPairSync('ed25519') };
  if (alg === 'ES256') return { kid, alg, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  return { kid, alg, ...generateKeyPairSync('rsa', { modulusLength: bits }) };
}

export function jwkOf({ kid, alg, publicKey }: Pair): object {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

export const pemOf = ({ publicKey }: Pair): string => publicKey.export({ type: 'spki', format: 'pem' }).toString();

export interface KeyEndpoint {
  url: string;
  /** What it serves: a set of keys, or any text with any status. */
  serve(keys: Pair[]): void;
  serveText(status: number, text: string): void;
  fetches(): number;
  /** Nobody listens any more; `up` listens at the same port again. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** A real HTTP endpoint of a JWKS. */
export async function startKeyEndpoint(keys: Pair[]): Promise<KeyEndpoint> {
  const state = { status: 200, text: '', fetches: 0, port: 0 };
  const serve = (pairs: Pair[]) =>
    Object.assign(state, { status: 200, text: JSON.stringify({ keys: pairs.map(jwkOf) }) });
  serve(keys);
  const server = createServer((_request, response) => {
    state.fetches += 1;
    response.writeHead(state.status, { 'content-type': 'application/json', connection: 'close' }).end(state.text);
  });
  const up = async () => {
    await once(server.listen(state.port, '127.0.0.1'), 'listening');
    state.port = (server.address() as AddressInfo).port;
  };
  await up();
  return {
    url: `http://127.0.0.1:${state.port}/jwks.json`,
    serve: (pairs) => void serve(pairs),
    serveText: (status, text) => void Object.assign(state, { status, text }),
    fetches: () => state.fetches,
    up,
    async down() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
