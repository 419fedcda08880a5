/** A platform as the console uses what GET /platforms shows. */
import type { Connection } from '../../server/connections/contract.js';
import type { JsonObject } from '../../server/operations/contract.js';

export interface PlatformCertificateChoice {
  keyBy: 'device' | 'signalbox';
  ports: number[];
  restartService: string | null;
  settings: JsonObject | null;
  placesChallenge: boolean;
}

export interface PlatformChoice {
  name: string;
  title: string;
  defaultPort: number;
  defaultService?: string | null;
  settings?: JsonObject | null;
  settingsByAdmin?: boolean;
  certificate?: PlatformCertificateChoice | null;
  capabilities?: string[];
}

/** Every service that may be restarted, the one that is meant where none is named first. */
export function servicesOf({ services }: Connection, platform: PlatformChoice | undefined): string[] {
  const byDefault = platform?.defaultService;
  return [...new Set([...(byDefault ? [byDefault] : []), ...services])];
}
