/** Who asks a CA for certificates in tests: keys, requests, and the loop that waits for a state. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import acme from 'acme-client';
import { reachAuthority } from '../authority.js';
import type { AcmeAccount, AcmeAuthority, AcmeOptions, AcmeOrder, ExternalAccount, NewOrder } from '../contract.js';

export interface Place {
  directoryUrl: string;
  /** Null: none beside the system's. */
  rootPem: string | null;
}

export function newKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
}

/** PEM of a request for these names. */
export async function csrFor(names: string[], keyPem = newKey()): Promise<string> {
  createPrivateKey(keyPem);
  const [, csr] = await acme.crypto.createCsr({ altNames: names }, keyPem);
  return csr.toString();
}

/** An authority that no signal ends, unless one is given. */
export function reach({ directoryUrl, rootPem }: Place, options: Partial<AcmeOptions> = {}): AcmeAuthority {
  const signal = options.signal ?? new AbortController().signal;
  return reachAuthority({ url: directoryUrl, rootsPem: rootPem }, { timeoutMs: 20_000, ...options, signal });
}

export const registration = (accountKeyPem: string, externalAccount: ExternalAccount | null = null) => ({
  accountKeyPem,
  contactEmails: [],
  externalAccount,
});

export interface Applicant {
  keyPem: string;
  url: string;
  account: AcmeAccount;
}

/** A new account. */
export async function apply(place: Place, options: Partial<AcmeOptions> = {}): Promise<Applicant> {
  const authority = reach(place, options);
  const keyPem = newKey();
  const url = await authority.register(registration(keyPem));
  return { keyPem, url, account: authority.account(keyPem, url) };
}

export const orderFor = (names: string[], more: Partial<NewOrder> = {}): NewOrder => ({
  names,
  profile: null,
  replaces: null,
  ...more,
});

/** Looks at an order until it has one of these states. */
export async function until(account: AcmeAccount, url: string, ...wanted: AcmeOrder['status'][]): Promise<AcmeOrder> {
  for (;;) {
    const order = await account.order(url);
    if (wanted.includes(order.status)) return order;
    await sleep(20);
  }
}

/** Answers one challenge of each authorisation. */
export async function answerAll(account: AcmeAccount, orderUrl: string, type: string): Promise<void> {
  for (const { challenges } of await account.authorizations(orderUrl)) {
    const challenge = challenges.find((offered) => offered.type === type);
    if (challenge) await account.answer(challenge.url);
  }
}

/** From an order whose challenges will be found right, to its chain. */
export async function complete(account: AcmeAccount, { url, names }: AcmeOrder): Promise<string> {
  await answerAll(account, url, 'dns-01');
  await until(account, url, 'ready');
  await account.finalize(url, await csrFor(names));
  await until(account, url, 'valid');
  return account.chain(url, null);
}
