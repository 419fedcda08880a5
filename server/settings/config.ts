/** The settings as the program uses them; where they come from and what is refused is in server/settings.ts. Types only. */

/** A portal whose own tokens are taken; see `SIGNALBOX_JWT_ISSUERS`. */
export interface PortalIssuer {
  /** A short word of ours for it, in logs and audit rows. */
  name: string;
  issuer: string;
  audience: string;
  jwksUrl?: string;
  /** PEM; instead of jwksUrl. */
  publicKey?: string;
  algorithms: string[];
  /** The claim that holds the account's username. */
  userClaim: string;
  /** The most that a token of this portal may do. */
  maxRole: 'viewer' | 'operator' | 'admin';
}

export interface Config {
  host: string;
  port: number;
  databaseUrl: string | null;
  dataDir: string;
  adminPassword: string | null;
  /** Keys that seal credentials, by key id; the first seals, all open. */
  secretKeys: { id: string; key: Buffer }[];
  jwtSecret: Buffer;
  jwtIssuers: PortalIssuer[];
  publicUrl: string | null;
  allowedOrigins: string[];
  trustedProxies: string[];
  plugins: string[];
  /** Addresses, with a port where it is not 53; empty: the system's. */
  dnsResolvers: string[];
  startLimit: number;
  leaseSeconds: number;
  operationsConcurrency: number;
  retentionDays: number;
  realtime: 'on' | 'off';
  realtimeRollout: number;
  logLevel: string;
}
