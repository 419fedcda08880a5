/** One account at one CA, a step a call. */
import { createPrivateKey } from 'node:crypto';
import { alternatesIn, chainOf, topmostIssuer } from './chains.js';
import type { AcmeAccount, AcmeAuthorization, AcmeOrder, ChainPem, NewOrder } from './contract.js';
import { AcmeError } from './errors.js';
import type { ClientOptions, StepClient } from './library.js';
import {
  authorizationOf,
  authorizationUrls,
  orderOf,
  type RawAuthorization,
  type RawChallenge,
  type RawOrder,
} from './shapes.js';
import type { StepOptions, StepResult, Steps } from './steps.js';

/** How many authorisations are read at a time. */
const AT_ONCE = 8;

/** A client of acme-client; a key that cannot be read is our own fault, and thrown as it comes. */
export async function makeClient(options: ClientOptions): Promise<StepClient> {
  createPrivateKey(options.accountKey);
  const { newClient } = await import('./library.js');
  return newClient(options);
}

export interface AccountParts {
  steps: Steps;
  client: () => Promise<StepClient>;
  /** Whether the CA's directory has renewal information, without which no order may name what it replaces. */
  offersRenewalInfo: () => Promise<boolean>;
}

/** RFC 9773 §5 names 409 and alreadyReplaced; CAs refuse a certificate that they do not know in words of their own. */
function refusesReplacement(error: unknown): boolean {
  if (!(error instanceof AcmeError) || !error.problem) return false;
  const { type, status, detail } = error.problem;
  return type === 'alreadyReplaced' || status === 409 || (error.code === 'CA_REFUSED' && /replac/iu.test(detail));
}

export class Account implements AcmeAccount {
  readonly url: string;
  readonly #parts: AccountParts;

  constructor(url: string, parts: AccountParts) {
    this.url = url;
    this.#parts = parts;
  }

  async #run<T>(options: StepOptions, work: (client: StepClient) => Promise<T>): Promise<StepResult<T>> {
    const client = await this.#parts.client();
    return this.#parts.steps.run(options, () => work(client));
  }

  /** POST-as-GET of any resource; acme-client has it under this name only. */
  async #read<T>(url: string): Promise<T> {
    const { value } = await this.#run({}, (client) => client.getOrder({ url }));
    return value as T;
  }

  async newOrder({ names, profile, replaces }: NewOrder): Promise<AcmeOrder> {
    const { wire } = this.#parts.steps;
    const replaced = replaces !== null && (await this.#parts.offersRenewalInfo()) ? replaces : null;
    try {
      return await this.#order(names, profile, replaced);
    } catch (error) {
      if (replaced === null || !refusesReplacement(error)) throw error;
      wire.note(`${(error as AcmeError).message} Ordering without naming the replaced certificate.`);
      return this.#order(names, profile, null);
    }
  }

  async #order(names: string[], profile: string | null, replaces: string | null): Promise<AcmeOrder> {
    const identifiers = names.map((value) => ({ type: 'dns', value }));
    const order = { identifiers, ...(profile === null ? {} : { profile }), ...(replaces === null ? {} : { replaces }) };
    const { value } = await this.#run({}, (client) => client.createOrder(order));
    return orderOf(value.url, value);
  }

  async order(url: string): Promise<AcmeOrder> {
    return orderOf(url, await this.#read<RawOrder>(url));
  }

  async authorizations(orderUrl: string): Promise<AcmeAuthorization[]> {
    const urls = authorizationUrls(await this.#read<RawOrder>(orderUrl));
    const client = await this.#parts.client();
    const answerOf = (challenge: RawChallenge) => client.getChallengeKeyAuthorization(challenge);
    const all: AcmeAuthorization[] = [];
    for (let at = 0; at < urls.length; at += AT_ONCE) {
      const some = urls.slice(at, at + AT_ONCE).map(async (url) => {
        const raw = await this.#read<RawAuthorization>(url);
        return authorizationOf({ ...raw, url }, answerOf);
      });
      all.push(...(await Promise.all(some)));
    }
    return all;
  }

  async answer(challengeUrl: string): Promise<void> {
    try {
      await this.#run({ harmless: true }, (client) => client.completeChallenge({ url: challengeUrl }));
    } catch (error) {
      // A CA may refuse to be told twice.
      if (!(error instanceof AcmeError) || error.code !== 'CA_REFUSED') throw error;
      const { status } = await this.#read<RawChallenge>(challengeUrl);
      if (status === 'pending') throw error;
    }
  }

  async finalize(orderUrl: string, csrPem: string): Promise<AcmeOrder> {
    const order = await this.#read<RawOrder>(orderUrl);
    // The answer to an earlier one was lost: the CA has its CSR.
    if (order.status === 'processing' || order.status === 'valid') return orderOf(orderUrl, order);
    const { value } = await this.#run({ unauthorized: 'CA_BAD_CSR' }, (client) =>
      client.finalizeOrder({ ...order, url: orderUrl }, csrPem),
    );
    return orderOf(orderUrl, value);
  }

  async chain(orderUrl: string, preferredIssuer: string | null): Promise<ChainPem> {
    const order = await this.#read<RawOrder>(orderUrl);
    if (order.status !== 'valid') throw new AcmeError('CA_ORDER_NOT_READY');
    const { value, headers } = await this.#download(order);
    const usual = chainOf(value);
    if (preferredIssuer === null || topmostIssuer(usual) === preferredIssuer) return usual;
    for (const certificate of alternatesIn(headers['link'])) {
      const chain = chainOf((await this.#download({ ...order, certificate })).value);
      if (topmostIssuer(chain) === preferredIssuer) return chain;
    }
    this.#parts.steps.wire.note(`The CA offers no chain up to “${preferredIssuer}”; taking its usual one.`);
    return usual;
  }

  #download(order: RawOrder): Promise<StepResult<unknown>> {
    return this.#run({}, (client) => client.getCertificate(order));
  }

  async revoke(certificatePem: string, reason: number): Promise<void> {
    try {
      await this.#run({}, (client) => client.revokeCertificate(certificatePem, { reason }));
    } catch (error) {
      if (!(error instanceof AcmeError) || error.code !== 'CA_ALREADY_REVOKED') throw error;
      this.#parts.steps.wire.note(error.message);
    }
  }
}
