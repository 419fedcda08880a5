/** The small fleet with everything around it: tokens, the audit trail, figures; for tests of the console's own pages. */
import type { EmbedToken } from '../../../server/embed/contract.js';
import { type FakeClient, problem } from '../../testing/fake-client.js';
import { fleetClient, operations } from '../../testing/fleet.js';
import type { AuditRecord } from '../../../server/audit/record.js';

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

export const tokens = (): EmbedToken[] => [
  {
    ...{ id: '5f1c2d3e-0000-4000-8000-000000000001', connections: [3, 4], operations: ['ssh_test'], actions: ['read'] },
    ...{ origins: ['https://portal.example'], createdAt: ago(4), expiresAt: ago(-6) },
  },
  {
    ...{ id: '5f1c2d3e-0000-4000-8000-000000000002', connections: [5], operations: null, actions: ['read', 'start'] },
    ...{ origins: [], createdAt: ago(10), expiresAt: ago(-50) },
  },
];

const entry = (id: number, changes: Partial<AuditRecord>): AuditRecord => ({
  ...{ id, at: ago(1000 - id), actor: 'mira', address: '10.50.0.4', action: 'login', target: null },
  ...{ outcome: 'ok', operationId: null, detail: null },
  ...changes,
});

export const entries: readonly AuditRecord[] = [
  entry(989, { action: 'operation.start', target: 'connection:3', operationId: operations()[0]?.id ?? null }),
  entry(984, { actor: 'jonas', action: 'login', outcome: 'refused', detail: { reason: 'bad_credentials' } }),
  entry(981, {
    ...{ action: 'embed_token.create', target: 'embed_token:5f1c2d3e-0000-4000-8000-000000000001' },
    detail: { connections: [3, 4], operations: ['ssh_test'], actions: ['read'], origins: ['https://portal.example'] },
  }),
  entry(940, { actor: null, action: 'connection.update', target: 'connection:3', outcome: 'refused' }),
  entry(930, { action: 'host_key.accept', target: 'connection:2', address: '2001:db8:40::17' }),
  entry(900, { action: 'connection.delete', target: 'connection:44', outcome: 'failed' }),
  entry(880, { action: 'tea.pour', target: 'user:jonas' }),
];

export const figures = `# HELP signalbox_refused_logins_total Sign-ins that were refused.
# TYPE signalbox_refused_logins_total counter
signalbox_refused_logins_total{reason="bad_credentials"} 11
signalbox_refused_logins_total{reason="too_many"} 3
signalbox_refused_tokens_total{reason="expired"} 42
signalbox_duplicates_prevented_total{type="ssh_test"} 17
signalbox_duplicates_prevented_total{type="service_restart"} 4
signalbox_operations_ended_total{type="ssh_test",status="completed"} 812
signalbox_operations_ended_total{type="ssh_test",status="failed"} 23
signalbox_operations_ended_total{type="service_restart",status="completed"} 38
signalbox_not_modified_total 20418
signalbox_sockets 12
signalbox_subscriptions 57
signalbox_slow_sockets_total 0
signalbox_start_time_seconds ${Date.parse('2026-03-01T08:00:00.000Z') / 1000}
`;

/** One page of the trail, as the server cuts it. */
function auditPage(path: string, pageLength: number): { entries: AuditRecord[]; next: string | null } {
  const query = new URL(path, 'http://fake.invalid').searchParams;
  const before = Number(query.get('before') ?? Infinity);
  const matching = entries.filter(
    ({ id, actor, action }) =>
      id < before && (query.get('actor') ?? actor) === actor && (query.get('action') ?? action) === action,
  );
  const page = matching.slice(0, pageLength);
  return { entries: page, next: matching.length > page.length ? String(page.at(-1)?.id) : null };
}

const listed = (path: string): { operations: ReturnType<typeof operations> } => {
  const status = new URL(path, 'http://fake.invalid').searchParams.get('status') ?? '';
  const wanted = (one: string): boolean => (status === 'active' ? /^(pending|in_progress)$/.test(one) : one === status);
  return { operations: operations().filter((one) => wanted(one.status)) };
};

/** A client whose server knows the fleet and the settings' pages; `pageLength` is that of the audit trail. */
export function houseClient(pageLength = 50): FakeClient {
  const client = fleetClient();
  const before = client.answer;
  let living = tokens();
  client.answer = (method, path, body) => {
    if (path === '/users' && method === 'GET') return { users: people };
    if (path.startsWith('/audit')) return auditPage(path, pageLength);
    if (path.startsWith('/operations?')) return listed(path);
    if (!path.startsWith('/auth/embed-tokens')) return before(method, path, body);
    if (method === 'GET') return { tokens: living };
    if (method === 'DELETE') {
      living = living.filter(({ id }) => !path.endsWith(id));
      return null;
    }
    const { connections } = body as { connections: number[] };
    if (connections.length > 0)
      return { id: 'new', token: 'eyJhbGciOiJIUzI1NiJ9.eyJlbWJlZCI6dHJ1ZX0.c2lnbmVk', expiresAt: ago(-10) };
    const errors = [{ pointer: '/connections', message: 'connections must contain at least 1 items' }];
    throw problem(400, 'VALIDATION_FAILED', 'The request is not valid.', { body: { errors } });
  };
  return client;
}

/** mira's is the first account; she has set her own password. */
const people = [
  { username: 'mira', role: 'admin', createdAt: '2026-03-01T08:00:00.000Z', updatedAt: '2026-03-01T08:05:00.000Z' },
  {
    ...{ username: 'jonas', role: 'operator' },
    ...{ createdAt: '2026-03-02T08:00:00.000Z', updatedAt: '2026-03-02T08:00:00.000Z' },
  },
];

/** An empty house, just started: only the first account, with the password that was made for it. */
export function emptyHouse(username = 'mira'): FakeClient {
  const client = houseClient();
  const before = client.answer;
  const at = '2026-11-22T08:00:00.000Z';
  client.show();
  client.answer = (method, path, body) => {
    if (path === '/users') return { users: [{ username, role: 'admin', createdAt: at, updatedAt: at }] };
    if (path === '/connections') return { connections: [] };
    if (path.startsWith('/operations?')) return { operations: [] };
    return before(method, path, body);
  };
  return client;
}
