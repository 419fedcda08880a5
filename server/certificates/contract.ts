/** Certificates of connections: what is wanted, what was issued, what is served. Types only. */
import type { Role } from '../access/contract.js';
import type { AcmeAccount } from '../acme/contract.js';
import type { ConnectionTarget } from '../connections/contract.js';
import type { CheckedDnsProvider, DnsRun, DnsView } from '../dns/contract.js';
import type { JsonObject, LogStream } from '../operations/contract.js';

export type KeyKind = 'ecdsa-p256' | 'ecdsa-p384' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

/** `http-01`: we answer at /.well-known/acme-challenge/; `http-01-host`: a file on the host; `dns-01`: a TXT record. */
export type ChallengeKind = 'http-01' | 'http-01-host' | 'dns-01';

/** Where the certificate is served, and has to be seen in the end. */
export interface Endpoint {
  /** Null: the connection's own hostname. */
  host: string | null;
  port: number;
  /** The name in the TLS handshake (SNI); null: the first name of the certificate that is no wildcard. */
  servername: string | null;
}

/** A connection's certificate settings, as an admin writes them; every key is there, completed by the defaults. */
export interface CertificateSettings {
  /** DNS names, the first one is the subject; `*.example.org` needs dns-01. */
  names: string[];
  /** Null: the CA that is marked as the default. */
  authorityId: number | null;
  challenge: ChallengeKind;
  /** Needed for dns-01. */
  dnsCredentialId: number | null;
  /** Of the key that we make; a device that makes its own takes the RSA length, else its usual one. */
  key: KeyKind;
  reuseKey: boolean;
  profile: string | null;
  /** The common name of the topmost issuer. */
  preferredChain: string | null;
  endpoints: Endpoint[];
  /** What the platform's own `certificate.settings` describes: paths, commands, the pinned fingerprint. */
  install: JsonObject;
  renewal: RenewalSettings;
}

export interface RenewalSettings {
  automatic: boolean;
  /** When a due renewal may run: a cron expression of five fields in this time zone. */
  cron: string;
  timeZone: string;
}

/** A CA as an operation may know it. */
export interface Authority {
  id: number;
  name: string;
  directoryUrl: string;
  /** PEM of what issued chains must end in; null: the system's roots. */
  issuedRootsPem: string | null;
}

export type CertificateStatus =
  /** The row is there before anything is asked of the CA. */
  | 'planned'
  /** The CA has the CSR, or may have it. */
  | 'finalizing'
  /** The chain is stored. */
  | 'issued'
  | 'installed'
  | 'served'
  /** A later one is served. */
  | 'superseded'
  /** Its order can never become a certificate any more. */
  | 'abandoned'
  | 'revoked';

/** One certificate, from its plan on. The key is sealed and comes out by `openKey` only. */
export interface StoredCertificate {
  id: number;
  connectionId: number;
  authorityId: number;
  /** The operation that planned it. */
  operationId: string;
  status: CertificateStatus;
  names: string[];
  keyBy: 'device' | 'signalbox';
  orderUrl: string | null;
  csrPem: string | null;
  chainPem: string | null;
  /** Upper-case hexadecimal, as X509Certificate writes it. */
  serialNumber: string | null;
  notBefore: string | null;
  notAfter: string | null;
  /** The ARI id in the order's `replaces`. */
  replaces: string | null;
  createdAt: string;
  updatedAt: string;
}

export type CertificateChange = Partial<
  Pick<
    StoredCertificate,
    'status' | 'orderUrl' | 'csrPem' | 'chainPem' | 'serialNumber' | 'notBefore' | 'notAfter' | 'replaces'
  >
> & { keyPem?: string };

export interface CertificateStore {
  /** A new row with status `planned`. */
  plan(
    plan: Pick<StoredCertificate, 'connectionId' | 'authorityId' | 'operationId' | 'names' | 'keyBy' | 'replaces'>,
  ): Promise<StoredCertificate>;
  find(id: number): Promise<StoredCertificate | null>;
  /** Newest first. */
  ofConnection(connectionId: number): Promise<StoredCertificate[]>;
  /** Durable when it resolves. `served` makes the connection's earlier served and installed ones `superseded`. */
  change(id: number, change: CertificateChange): Promise<StoredCertificate>;
  /** Null where the device has it. */
  openKey(id: number): Promise<string | null>;
}

/** Something that was put up for a challenge and has to be taken away again. */
export interface PlacedChallenge {
  id: number;
  operationId: string;
  connectionId: number;
  certificateId: number;
  kind: ChallengeKind;
  /** dns-01: the record's name; else the token. */
  name: string;
  value: string;
  dnsCredentialId: number | null;
}

export interface ChallengeStore {
  /** Durable before it is placed; the same one again is the same row. An http-01 row is what the responder answers. */
  note(challenge: Omit<PlacedChallenge, 'id'>): Promise<PlacedChallenge>;
  /** What has not been removed yet. */
  ofConnection(connectionId: number): Promise<PlacedChallenge[]>;
  removed(id: number): Promise<void>;
}

/** One certificate of a served chain. */
export interface SeenCertificate {
  subject: string;
  issuer: string;
  serialNumber: string;
  fingerprint256: string;
  notBefore: string;
  notAfter: string;
  names: string[];
  /** `ECDSA P-256`, `RSA 2048` */
  key: string;
}

/** What an endpoint served when it was looked at. */
export interface ServedCertificate extends SeenCertificate {
  endpoint: string;
  seenAt: string;
  /** Leaf first, as sent. */
  chain: SeenCertificate[];
  chainPem: string;
  /** Whether the chain leads to a root that was asked for, and why not. */
  trusted: boolean;
  trustError: string | null;
  /** Which of the wanted names it lacks. */
  missingNames: string[];
}

export interface LookOptions {
  /** The address to reach. */
  host: string;
  port: number;
  servername: string;
  /** The names that it has to have. */
  names: string[];
  /** PEM of the accepted roots; null: the system's. */
  rootsPem: string | null;
  signal: AbortSignal;
  timeoutMs?: number;
}

/** One endpoint, ready to be looked at. */
export interface WantedEndpoint {
  /** `host:port`, an IPv6 address in brackets. */
  endpoint: string;
  host: string;
  port: number;
  /** Never an address: SNI takes names only (RFC 6066 §3); empty to send none. */
  servername: string;
}

/** What certificate_renewal works with, beside its own context: `server.certificates`. */
export interface CertificateDesk {
  /** Null: the default one. Rejects with CA_UNKNOWN or CA_NOT_CHOSEN. */
  authority(id: number | null): Promise<Authority>;
  /** The CA's account; registered where there is none, its key stored before, its URL after. Rejects with an AcmeError. */
  account(authority: Authority, options: DeskOptions): Promise<AcmeAccount>;
  /** Rejects with CA_LIMIT_NEAR, and says until when, where another order would burn the CA's limits. */
  allowOrder(authority: Authority, names: string[]): Promise<void>;
  /** The ARI id of a certificate (RFC 9773 §4.1). */
  ariId(certificatePem: string): Promise<string>;
  /** A provider with a credential's opened settings. Rejects with DNS_CREDENTIAL_UNKNOWN or DNS_PROVIDER_UNKNOWN. */
  dns(credentialId: number): Promise<{ name: string; provider: CheckedDnsProvider; settings: DnsRun['settings'] }>;
  readonly view: DnsView;
  readonly store: CertificateStore;
  readonly challenges: ChallengeStore;
  /** A new private key as PKCS #8 PEM. */
  makeKey(kind: KeyKind): Promise<string>;
  /** PEM of a CSR with these names as SAN, the first also as CN where it fits. */
  makeCsr(keyPem: string, names: string[]): Promise<string>;
  /** The DNS names of a CSR (PEM), lower case, sorted. */
  csrNames(csrPem: string): Promise<string[]>;
  /** Where the connection's settings want it to be served. */
  endpoints(connection: ConnectionTarget): WantedEndpoint[];
  /** Rejects with an Error whose sentence says how far it came. */
  look(options: LookOptions): Promise<ServedCertificate>;
  /** Keeps what an endpoint served, for GET /connections/{id}/certificate. */
  keepSeen(connectionId: number, seen: ServedCertificate[]): Promise<void>;
}

export interface DeskOptions {
  signal: AbortSignal;
  log(text: string, stream?: LogStream): void;
}

/** When and why the next renewal comes. */
export interface PlannedRenewal {
  automatic: boolean;
  /** From when on it is due; null where nothing is known yet. */
  dueAt: string | null;
  /** `ari`: the CA's suggested window; `lifetime`: a third of the lifetime is left; `missing`: nothing of ours is served. */
  reason: 'ari' | 'lifetime' | 'missing' | null;
  /** The first moment of the connection's own schedule at which it can run: at or after dueAt and waitsUntil. */
  runsAt: string | null;
  /** After failures: not before then, and why in one sentence. */
  waitsUntil: string | null;
  waitsBecause: string | null;
  failures: number;
}

/** GET /connections/{id}/certificate, for whoever sees the connection. */
export interface CertificateView {
  connectionId: number;
  /** Null where no certificate is wanted here. */
  settings: CertificateSettings | null;
  /** By endpoint, `host:port`; what was seen last. */
  served: { endpoint: string; seenAt: string; certificate: ServedCertificate | null; failure: string | null }[];
  /** Newest first, at most 20; no key, no CSR. */
  stored: Omit<StoredCertificate, 'csrPem'>[];
  next: PlannedRenewal | null;
}

/** How one endpoint stood when it was looked at last. */
export interface EndpointState {
  /** `host:port` */
  endpoint: string;
  seenAt: string;
  /** Null where nothing was seen. */
  notAfter: string | null;
  /** Why it is not as it is wanted, in one sentence; null where it is. */
  failure: string | null;
}

/** One line of GET /certificates: where a connection's certificate ends, and when the next one comes. */
export interface CertificateSummary {
  /** `role` is the caller's own. */
  connection: { id: number; name: string; role: Role };
  /** Those that are wanted; where nothing is wanted, those that are served. */
  names: string[];
  /** False where a certificate is only watched. */
  wanted: boolean;
  /** The subject of its issuer; null where nothing was seen. */
  issuer: string | null;
  /** Of what is served, the one that ends first; where nothing was seen, of ours that is in use. */
  notBefore: string | null;
  notAfter: string | null;
  /** How far our newest one in use came; null where there is none. */
  status: CertificateStatus | null;
  endpoints: EndpointState[];
  /** Null where nothing is wanted. */
  renewal: RenewalSettings | null;
  next: PlannedRenewal | null;
}
