/** Every state that an element can be in, each as a client that shows it on connection 1. */
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { ConnectionState, LogLine, Operation } from '../../client/contract.js';
import { planned } from '../certificates.js';
import { FakeClient, problem } from '../fake-client.js';
import { connection, output } from '../fleet.js';
import { atStep, completed, failed, operation, restart, running, stepsUntil } from '../operations.js';
import { SilentClient } from './silent-client.js';

export interface State {
  name: string;
  /** The type that its operation has, for the elements that show one type. */
  type: string;
  /** Where a type is named, its operations are of that one: for an element that shows no other. */
  client(type?: string): FakeClient;
}

interface Facts {
  operations?: readonly Operation[];
  connection?: Partial<Connection>;
  certificates?: readonly CertificateSummary[];
  log?: readonly LogLine[];
  state?: Partial<ConnectionState>;
}

const dayMs = 86_400_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const inDays = (days: number): string => ago(-days * dayMs);

const certificate = (id: number, name: string, days: number): CertificateSummary => ({
  connection: { id, name, role: 'admin' },
  ...{ names: [`${name}.example`], wanted: true, issuer: 'CN=House CA', notBefore: inDays(-40) },
  ...{ notAfter: inDays(days), status: 'served', endpoints: [], next: planned({ dueAt: inDays(days - 30) }) },
  renewal: { automatic: true, cron: '17 3 * * *', timeZone: 'Europe/Berlin' },
});

const certificates = [certificate(1, 'web-12', 6), certificate(2, 'edge-07', 61), certificate(3, 'imp-02', -2)];

/** What the server of the state answers to reads. */
function answers({ connection: changes = {}, operations = [], certificates: known = certificates }: Facts) {
  const one = connection(1, 'web-12', { platform: 'vos', ...changes });
  return (_method: string, path: string): unknown => {
    const [place = ''] = path.split('?');
    if (place === '/connections') return { connections: [one, connection(2, 'edge-07'), connection(3, 'imp-02')] };
    if (place === '/certificates') return { certificates: known };
    if (place.endsWith('/operations')) return { operations, next: null, epoch: 'one' };
    if (place === '/connections/1') return one;
    throw problem(404, 'NOT_FOUND', 'There is nothing here.');
  };
}

function clientOf(facts: Facts): FakeClient {
  const client = new FakeClient();
  client.answer = answers(facts);
  client.show(...(facts.operations ?? []));
  client.showLog(facts.log ?? output());
  if (facts.state) client.setState(facts.state);
  return client;
}

function stateOf(name: string, first: Operation | null, facts: Facts = {}): State {
  const operations = first ? [first, completed(1, { startedAt: ago(3_600_000), completedAt: ago(3_590_000) })] : [];
  const of = (type?: string): Operation[] => operations.map((run) => ({ ...run, type: type ?? run.type }));
  return {
    name,
    type: first?.type ?? 'service_restart',
    client: (type) => clientOf({ operations: of(type), ...facts }),
  };
}

function refused(): FakeClient {
  const client = new FakeClient();
  const hint = 'Ask its owner for access.';
  client.answer = () => {
    throw problem(404, 'NOT_FOUND', 'There is no such connection, or it is not yours.', { hint });
  };
  client.showProblem(problem(404, 'NOT_FOUND', 'There is no such connection, or it is not yours.', { hint }));
  return client;
}

const longAgo = (): Operation => completed(2, { startedAt: ago(7_200_000), completedAt: ago(7_190_000) });

const cancelled: Partial<Operation> = {
  ...{ status: 'cancelled', step: atStep('tcp'), completedAt: ago(60_000), cancellable: false },
  error: { code: 'OP_CANCELLED', message: 'Cancelled by jonas.', hint: null, retryable: true },
  result: stepsUntil('tcp', true),
};

/** Made when they are shown: most of them speak of now. */
export const states = (): readonly State[] => [
  stateOf('idle', longAgo()),
  stateOf('pending', operation(2, { status: 'pending', startedAt: ago(5_000) })),
  stateOf('in progress, time known', restart(2, { startedAt: ago(60_000), cancellable: true })),
  stateOf('in progress, nothing known', operation(2, { type: 'ping', estimatedDuration: 0 })),
  stateOf('in progress, in steps', running(2)),
  stateOf('taking longer', restart(2, { startedAt: ago(360_000) })),
  stateOf('completed', completed(2)),
  stateOf('failed', failed(2)),
  stateOf('cancelled', operation(2, cancelled)),
  stateOf('reconnecting', restart(2), { state: { phase: 'reconnecting', lastKnownAt: Date.now() - 40_000 } }),
  stateOf('look only', completed(2), { connection: { role: 'viewer' } }),
  stateOf('polling', longAgo(), { state: { phase: 'polling' } }),
  stateOf('signed out', longAgo(), { state: { phase: 'signed-out' } }),
  stateOf('empty', null, { certificates: [], log: [] }),
  { name: 'no access', type: 'ssh_test', client: refused },
  { name: 'loading', type: 'ssh_test', client: () => new SilentClient() },
];
