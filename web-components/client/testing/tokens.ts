import type { Bounds } from '../token.js';

const encoded = (part: object): string =>
  btoa(JSON.stringify(part)).replace(/[+/=]/g, (letter) => ({ '+': '-', '/': '_' })[letter] ?? '');

/** A JSON Web Token that nobody signed. */
export function tokenOf(claims: object): string {
  return `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}.c2ln`;
}

/** As POST /auth/embed-tokens makes it. */
export function embedToken({ connections, operations }: Bounds, more: object = {}): string {
  const scope = { connections, operations, actions: ['read', 'start'], origins: [] };
  return tokenOf({ iss: 'signalbox:embed', aud: 'signalbox:embed', sub: 'portal', scope, ...more });
}
