/** A place where TXT records can be set for dns-01. Types only. */
import type { ObjectSchema } from 'joi';
import type { JsonObject, LogStream } from '../operations/contract.js';

export interface TxtRecord {
  /** Fully qualified, without the last dot, after delegation by CNAME was followed: `_acme-challenge.example.org`. */
  name: string;
  value: string;
}

export interface DnsRun {
  /** What the provider's own schema describes, with the secrets opened. */
  settings: JsonObject;
  signal: AbortSignal;
  /** A line for the operation's log; never a secret. */
  log(text: string, stream?: LogStream): void;
}

/** What a folder of plugins/dns hands to `server.dnsProvider()`. */
export interface DnsProvider {
  /** The folder's name: `rfc2136`, `cloudflare`, … */
  name: string;
  title: string;
  /** Describes the settings of a credential; each key with a description, each optional one with a default. */
  settings: ObjectSchema;
  /** The keys of `settings` that are secret: sealed, and never shown again. */
  secrets: string[];
  /**
   * True where a person sets the record: `place` and `remove` do nothing, and the chain waits, shows what to set, and sees
   * it by itself.
   */
  manual?: boolean;
  /** False where the provider keeps its own name and the zone delegates to it by CNAME (acme-dns). Default: true. */
  followsCname?: boolean;
  /**
   * Adds one value at one name and leaves other values there; harmless where it stands there already.
   * Fails with a DnsError: DNS_REFUSED (wrong credentials, not allowed), DNS_ZONE_UNKNOWN, DNS_UNREACHABLE, DNS_FAILED.
   */
  place(run: DnsRun, record: TxtRecord): Promise<void>;
  /** Removes this value only; harmless where it is gone. */
  remove(run: DnsRun, record: TxtRecord): Promise<void>;
  /** Proves that a placed record stands at the provider, where the answer to `place` does not say so by itself. */
  confirm?(run: DnsRun, record: TxtRecord): Promise<void>;
  /** Proves that the settings let `name` be written, and leaves nothing behind. Default: places a record and removes it. */
  check?(run: DnsRun, name: string): Promise<void>;
}

/** A provider as the house hands it out: its failures are DnsErrors, and it can always be checked. */
export type CheckedDnsProvider = DnsProvider & Required<Pick<DnsProvider, 'check'>>;

/** Why a DNS provider could not do it; thrown by providers as an Error with this `code` and a `hint`. */
export type DnsCode = 'DNS_REFUSED' | 'DNS_ZONE_UNKNOWN' | 'DNS_UNREACHABLE' | 'DNS_FAILED';

/** What one server answered. */
export interface DnsSighting {
  /** `ns1.example.org (192.0.2.1)`, or the address of a configured resolver. */
  server: string;
  /** `seen`: all wanted values; `missing`: not all of them; `silent`: no answer. */
  state: 'seen' | 'missing' | 'silent';
}

/** Looks names up as the world sees them. */
export interface DnsView {
  /** The name at which the record has to stand: at the end of its CNAMEs. Rejects with a DnsError. */
  target(name: string, signal: AbortSignal): Promise<string>;
  /** One look at every authoritative server of the zone, then at the configured resolvers; all must show every value. */
  look(name: string, values: string[], signal: AbortSignal): Promise<{ seen: boolean; servers: DnsSighting[] }>;
}

/** GET /dns-providers: {dnsProviders: PublishedDnsProvider[]}, for admins. */
export interface PublishedDnsProvider {
  name: string;
  title: string;
  /** JSON Schema (2020-12). */
  settings: JsonObject;
  secrets: string[];
  manual: boolean;
}

/** GET /dns-credentials: {dnsCredentials: DnsCredential[]}, by name, for admins. */
export interface DnsCredential {
  id: number;
  name: string;
  provider: string;
  /** Without the secret ones. */
  settings: JsonObject;
  /** Which secret settings are stored. */
  storedSecrets: string[];
  /** How many connections refer to it. */
  usedBy: number;
  createdAt: string;
  updatedAt: string;
}

/** POST (all required) and PATCH: secrets go in with the other settings; in a PATCH one that is left out stays. */
export interface DnsCredentialChange {
  name?: string;
  provider?: string;
  settings?: JsonObject;
}
