/** A CA as `reach` knows one, without ACME: it remembers who registered with which key, and can be held up. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { AcmeAccount, AcmeDirectory, AcmeMeta, AcmeRegistration, ReachAuthority } from '../../acme/contract.js';

export interface ScriptedCa {
  reach: ReachAuthority;
  /** Each registration as it came, also one of a known key. */
  registrations: AcmeRegistration[];
  directories: AcmeDirectory[];
  /** Public key → URL: a key has one account (RFC 8555 §7.3). */
  accounts: Map<string, string>;
  meta: Partial<AcmeMeta>;
  /** Runs within each registration before it is answered. */
  during: (registration: AcmeRegistration) => Promise<void>;
}

const never = () => Promise.reject(new Error('Nothing is ordered here.'));

function account(keyPem: string, url: string): AcmeAccount & { keyPem: string } {
  const calls = { newOrder: never, order: never, authorizations: never, answer: never };
  return { url, keyPem, ...calls, finalize: never, chain: never, revoke: never };
}

/** The key as the CA sees it. */
const publicOf = (pem: string): string =>
  createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'der' }).toString('base64');

export function scriptedCa(): ScriptedCa {
  const ca: ScriptedCa = {
    ...{ registrations: [], directories: [], accounts: new Map(), meta: {} },
    during: () => Promise.resolve(),
    reach: (directory) => {
      ca.directories.push(directory);
      return {
        meta: () =>
          Promise.resolve({
            ...{ termsOfService: null, externalAccountRequired: false, profiles: [], renewalInfo: false },
            ...ca.meta,
          }),
        async register(registration) {
          ca.registrations.push(registration);
          await ca.during(registration);
          const key = publicOf(registration.accountKeyPem);
          const url = ca.accounts.get(key) ?? `${new URL(directory.url).origin}/account/${ca.accounts.size + 1}`;
          ca.accounts.set(key, url);
          return url;
        },
        account,
        renewalInfo: () => Promise.resolve(null),
      };
    },
  };
  return ca;
}
