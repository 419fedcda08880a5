/**
 * The one place that loads acme-client (5.4), itself loaded at first use. The package sends everything through one axios
 * instance of its own, shared by all its clients, which repeats whatever got no answer (orders too), obeys any Retry-After and
 * knows no time-out. One interceptor gives each request of ours the caller's own way, found by the asynchronous context;
 * that way rejects with errors that the package's own interceptor does not touch, for they carry no axios `config`. Who else uses the
 * package in this process notices nothing.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import acme from 'acme-client';
import type { HttpAnswer, HttpRequest } from './exchange.js';
import type { RawChallenge, RawOrder } from './shapes.js';

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

const current = new AsyncLocalStorage<Send>();

acme.axios.interceptors.request.use((config) => {
  const send = current.getStore();
  if (!send) return config;
  config.adapter = async (asked) => {
    const headers = Object.fromEntries(Object.entries(asked.headers).map(([name, value]) => [name, String(value)]));
    const { data } = asked as { data?: unknown };
    const answer = await send({
      method: (asked.method ?? 'get').toUpperCase(),
      url: asked.url ?? '',
      headers: { ...headers, 'User-Agent': 'Signalbox' },
      body: typeof data === 'string' ? data : null,
    });
    return { data: answer.body, status: answer.status, statusText: '', headers: answer.headers, config: asked };
  };
  return config;
});

/**
 * What we use of acme-client's Client. Its own types promise more of a CA's answers than a CA keeps; here they are what
 * shapes.ts checks.
 */
export interface StepClient {
  createAccount(account: { termsOfServiceAgreed: true; contact: string[] }): Promise<unknown>;
  getAccountUrl(): string;
  createOrder(order: object): Promise<RawOrder & { url: string }>;
  /** A POST-as-GET, of any resource. */
  getOrder(resource: { url: string }): Promise<unknown>;
  getChallengeKeyAuthorization(challenge: RawChallenge): Promise<string>;
  completeChallenge(challenge: { url: string }): Promise<unknown>;
  finalizeOrder(order: RawOrder & { url: string }, csrPem: string): Promise<RawOrder>;
  getCertificate(order: RawOrder): Promise<unknown>;
  revokeCertificate(certificatePem: string, options: { reason: number }): Promise<unknown>;
}

export type ClientOptions = ConstructorParameters<typeof acme.Client>[0];

export const newClient = (options: ClientOptions): StepClient => new acme.Client(options) as unknown as StepClient;

/** Whatever `work` asks of acme-client goes by `send`. */
export const sentBy = <T>(send: Send, work: () => Promise<T>): Promise<T> => current.run(send, work);
