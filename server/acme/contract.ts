/** ACME (RFC 8555, RFC 9773) as the certificate chain speaks it: one call a step, nothing automatic. Types only. */

/** A problem document of a CA (RFC 8555 §6.7), kept as it came. */
export interface AcmeProblem {
  /** The last part of the URN: `rejectedIdentifier`, `badNonce`, `rateLimited`, … */
  type: string;
  /** Plain text, one line. */
  detail: string;
  status: number | null;
  /** For several identifiers: what is wrong with which. */
  subproblems: { identifier: string | null; type: string; detail: string }[];
}

/** Where a CA is, and how its own TLS is verified. */
export interface AcmeDirectory {
  url: string;
  /** PEM of the roots that the directory's TLS is verified by, beside the system's; null: the system's alone. */
  rootsPem: string | null;
}

/** External account binding (RFC 8555 §7.3.4). */
export interface ExternalAccount {
  keyId: string;
  /** base64url */
  hmacKey: string;
}

export interface AcmeOrder {
  url: string;
  status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
  names: string[];
  /** UTC, ISO 8601; null where the CA says nothing. */
  expiresAt: string | null;
  problem: AcmeProblem | null;
}

export interface AcmeChallenge {
  url: string;
  type: string;
  status: 'pending' | 'processing' | 'valid' | 'invalid';
  token: string;
  /** What has to be shown: for http-01 the file's content, for dns-01 the TXT value. */
  answer: string;
  problem: AcmeProblem | null;
}

export interface AcmeAuthorization {
  url: string;
  /** Without `*.` */
  name: string;
  wildcard: boolean;
  status: 'pending' | 'valid' | 'invalid' | 'deactivated' | 'expired' | 'revoked';
  challenges: AcmeChallenge[];
}

export interface NewOrder {
  names: string[];
  /** The CA's certificate profile; null: its default. */
  profile: string | null;
  /** RFC 9773 §5: the ARI id of the certificate that this one replaces; left out again where the CA refuses it. */
  replaces: string | null;
}

/** An issued chain, leaf first, as one PEM. */
export type ChainPem = string;

/** One account at one CA. Every call rejects with an AcmeError; none is repeated beyond what is harmless. */
export interface AcmeAccount {
  readonly url: string;
  newOrder(order: NewOrder): Promise<AcmeOrder>;
  order(url: string): Promise<AcmeOrder>;
  authorizations(orderUrl: string): Promise<AcmeAuthorization[]>;
  /** Tells the CA that the challenge can be looked at; harmless where it was told before. */
  answer(challengeUrl: string): Promise<void>;
  /** Sends the CSR (PEM) of an order that is `ready`. */
  finalize(orderUrl: string, csrPem: string): Promise<AcmeOrder>;
  /** The chain of an order that is `valid`; the one whose topmost issuer has this common name where the CA offers it. */
  chain(orderUrl: string, preferredIssuer: string | null): Promise<ChainPem>;
  /** RFC 5280 reason code. */
  revoke(certificatePem: string, reason: number): Promise<void>;
}

export interface AcmeRegistration {
  /** PEM, PKCS #8. Stored before it is registered. */
  accountKeyPem: string;
  contactEmails: string[];
  externalAccount: ExternalAccount | null;
}

/** RFC 9773 §4.2 */
export interface RenewalInfo {
  /** UTC, ISO 8601 */
  windowStart: string;
  windowEnd: string;
  explanationUrl: string | null;
  /** When to ask again: Retry-After, within 1 min and 1 day. */
  retryAfterMs: number;
}

/** What a CA says of itself in its directory. */
export interface AcmeMeta {
  termsOfService: string | null;
  externalAccountRequired: boolean;
  /** Names of its certificate profiles. */
  profiles: string[];
  renewalInfo: boolean;
}

/** One CA, reached with the caller's signal. */
export interface AcmeAuthority {
  meta(): Promise<AcmeMeta>;
  /** A new account, or the one that this key has already; answers with its URL. Agrees to the terms of service. */
  register(registration: AcmeRegistration): Promise<string>;
  /** Nothing is sent. */
  account(accountKeyPem: string, accountUrl: string): AcmeAccount;
  /** Null where the CA has no ARI, or does not know the certificate. */
  renewalInfo(certificatePem: string): Promise<RenewalInfo | null>;
}

export interface AcmeOptions {
  signal: AbortSignal;
  /** For each request; default 30,000. */
  timeoutMs?: number;
  /** Told in one line of each request that is repeated or has to wait. */
  note?(line: string): void;
}

export type ReachAuthority = (directory: AcmeDirectory, options: AcmeOptions) => AcmeAuthority;
