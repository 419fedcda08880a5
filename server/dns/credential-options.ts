/** What the routes of DNS credentials work with. */
import type { Knex } from 'knex';
import type { Access } from '../access/contract.js';
import type { Audit, AuditEntry } from '../audit/contract.js';
import type { Request } from '@hapi/hapi';
import type { Vault } from '../keys/vault.js';
import type { DnsView } from './contract.js';
import type { DnsProviders } from './credential-settings.js';

export interface CredentialsOptions {
  knex: Knex;
  vault: Vault;
  access: Access;
  audit: Audit;
  providers: DnsProviders;
  view: Pick<DnsView, 'target'>;
  /** How long a check may take; default 60,000. */
  checkTimeoutMs?: number;
}

export type CredentialVerb = 'create' | 'update' | 'delete' | 'check';

export const idOf = (request: Request): number => (request.params as { id: number }).id;

/** An audit row: which settings were given, never what. */
export function record(
  { audit }: CredentialsOptions,
  request: Request,
  verb: CredentialVerb,
  id: number,
  entry: Pick<AuditEntry, 'outcome' | 'detail'>,
): Promise<void> {
  return audit.write({ request, action: `dns_credential.${verb}`, target: `dns_credential:${id}`, ...entry });
}
