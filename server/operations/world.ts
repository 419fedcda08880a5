/** What the engine needs of the rest of the server, injected when it is composed. */
import type { ConnectionTarget, Credentials, HostKey } from '../connections/contract.js';
import type { Platform } from '../platforms/contract.js';

export interface World {
  target(connectionId: number): Promise<ConnectionTarget | null>;
  platform(name: string): Platform | undefined;
  openCredentials(connectionId: number): Promise<Credentials>;
  pinHostKey(connectionId: number, key: { type: string; fingerprint: string }): Promise<HostKey>;
}

/** The server's log, as far as the engine speaks to it. */
export interface EngineLog {
  info(fields: Record<string, unknown>, sentence: string): void;
  error(fields: Record<string, unknown>, sentence: string): void;
}
