/** What the audit trail's actions are called, and where their targets are. */
import type { AuditRecord } from '../../../server/audit/record.js';
import type { Connection } from '../../../server/connections/contract.js';
import { addressOf, addressOfOperation } from '../route.js';

/** Each action as one says what was done; one that is not here is shown by its own name. */
export const actionWords: Readonly<Record<string, string>> = {
  login: 'Sign in',
  logout: 'Sign out',
  'operation.start': 'Start an operation',
  'operation.cancel': 'Cancel an operation',
  'operation.retry': 'Retry an operation',
  'connection.create': 'Add a connection',
  'connection.update': 'Change a connection',
  'connection.delete': 'Delete a connection',
  'host_key.accept': 'Accept a host key',
  'grant.put': 'Share a connection',
  'grant.delete': 'Take a share back',
  'certificate.revoke': 'Revoke a certificate',
  'certificate_authority.create': 'Add a CA',
  'certificate_authority.update': 'Change a CA',
  'certificate_authority.delete': 'Remove a CA',
  'dns_credential.create': 'Add a DNS credential',
  'dns_credential.update': 'Change a DNS credential',
  'dns_credential.delete': 'Remove a DNS credential',
  'dns_credential.check': 'Check a DNS credential',
  'embed_token.create': 'Make a token',
  'embed_token.revoke': 'Revoke a token',
  'user.create': 'Add a user',
  'user.update': 'Change a user',
  'user.delete': 'Remove a user',
  'settings.update': 'Change the settings',
  'store.restore': 'Restore a backup',
};

export const wordsOfAction = (action: string): string => actionWords[action] ?? action;

const outcomes: Record<string, string> = { ok: 'Done', refused: 'Refused', failed: 'Failed' };

export const wordsOfOutcome = (outcome: string): string => outcomes[outcome] ?? outcome;

export interface Target {
  text: string;
  href: string | null;
}

/** `connection:7` by its name, with the way to it where it is still there. */
export function targetOf(
  { target, operationId }: Pick<AuditRecord, 'target' | 'operationId'>,
  connections: ReadonlyMap<number, Connection>,
): Target | null {
  if (target === null) return null;
  const [, kind = '', name = target] = /^([a-z_]+):(.*)$/s.exec(target) ?? [];
  if (kind !== 'connection') return { text: `${kind.replaceAll('_', ' ')} ${name}`.trim(), href: null };
  const connection = connections.get(Number(name));
  if (!connection) return { text: `connection ${name}`, href: null };
  const href = operationId
    ? addressOfOperation({ connectionId: connection.id, id: operationId })
    : addressOf(connection);
  return { text: connection.name, href };
}

function wordsOfValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.length === 0 ? 'none' : value.map(wordsOfValue).join(', ');
}

/** The details on one line: “connections: 3, 4; origins: none”. */
export function wordsOfDetail(detail: AuditRecord['detail']): string {
  if (detail === null) return '';
  return Object.entries(detail)
    .map(([key, value]) => `${key}: ${wordsOfValue(value)}`)
    .join('; ');
}
