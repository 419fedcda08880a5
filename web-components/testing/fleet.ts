/** A small fleet for tests of whole pages: connections, what ran on them, and a server that answers for them. */
import type { Connection } from '../../server/connections/contract.js';
import type { LogLine, LogStream, Operation } from '../client/contract.js';
import { FakeClient, problem } from './fake-client.js';
import { atStep, completed, failed, operation, running, stepsUntil } from './operations.js';

const pinned = 'SHA256:9fKq3Vt0aYxN2mRr7Lw4cPz1uJHs8bEoTdGiXYZ0123';
const offered = 'SHA256:Zz4wq1mNh8sKd7fGj2lPo9iUy6tRe5wQaScVbNmLkJh';

export function connection(id: number, name: string, changes: Partial<Connection> = {}): Connection {
  return {
    id,
    name,
    platform: 'linux',
    hostname: `10.50.2.${id + 10}`,
    port: 22,
    username: 'signalbox',
    services: [],
    hostKey: { type: 'ssh-ed25519', fingerprint: pinned, pinnedAt: '2026-03-03T09:12:00.000Z' },
    legacyAlgorithms: false,
    platformSettings: {},
    certificate: null,
    hasPassword: true,
    hasPrivateKey: false,
    owner: 'mira',
    role: 'admin',
    createdAt: '2026-03-01T08:00:00.000Z',
    updatedAt: '2026-03-03T09:12:00.000Z',
    ...changes,
  };
}

export const connections: readonly Connection[] = [
  connection(1, 'edge-07', {
    hostname: '203.0.113.77',
    owner: 'jonas',
    legacyAlgorithms: true,
    offeredHostKey: { type: 'ssh-ed25519', fingerprint: offered, offeredAt: '2026-11-22T06:00:00.000Z' },
  }),
  connection(2, 'imp-02'),
  connection(3, 'web-12'),
  connection(4, 'web-11'),
  connection(5, 'web-13'),
  connection(6, 'tea-kitchen', { platform: 'samovar' }),
  connection(7, 'vault-01', { role: 'viewer', hostKey: null }),
];

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const span = (minutes: number): Pick<Operation, 'startedAt' | 'completedAt'> => ({
  startedAt: new Date(Date.now() - minutes * 60_000 - 640).toISOString(),
  completedAt: ago(minutes),
});

/** The failure of a host that shows another key than the pinned one. */
export function keyChanged(count: number, changes: Partial<Operation> = {}): Operation {
  return failed(count, {
    step: atStep('host_key'),
    result: stepsUntil('host_key', true),
    error: {
      code: 'SSH_HOST_KEY_CHANGED',
      message: `The host key changed from ${pinned} to ${offered}.`,
      hint: 'Compare it with the device before you accept the new one.',
      retryable: false,
    },
    ...changes,
  });
}

export const operations = (): Operation[] => [
  running(20, { connectionId: 3, type: 'ssh_test', requestedBy: 'deploy-bot' }),
  operation(19, {
    connectionId: 6,
    type: 'tea_round',
    progress: 54,
    startedAt: ago(2.55),
    estimatedDuration: 288_000,
    message: 'Pouring',
    cancellable: false,
  }),
  failed(18, { connectionId: 2, ...span(14) }),
  keyChanged(17, { connectionId: 1, createdBy: 'cron', ...span(30) }),
  completed(16, { connectionId: 4, createdBy: 'cron', ...span(50) }),
  completed(15, { connectionId: 3, ...span(600) }),
  failed(14, { connectionId: 3, requestedBy: 'jonas', ...span(3000) }),
  operation(13, {
    connectionId: 3,
    status: 'cancelled',
    requestedBy: 'jonas',
    step: atStep('tcp'),
    error: { code: 'OP_CANCELLED', message: 'Cancelled by jonas.', hint: null, retryable: true },
    result: stepsUntil('tcp', true),
    cancellable: false,
    ...span(4000),
  }),
  completed(12, { connectionId: 5, ...span(5000) }),
];

const outputs: [LogStream, string][] = [
  ['step', 'Name resolved'],
  ['note', 'Resolved web-12 to 10.50.2.12'],
  ['step', 'TCP'],
  ['note', 'Connected to 10.50.2.12 port 22'],
  ['step', 'Host key'],
  ['note', `ssh-ed25519 ${pinned} matches the pinned key`],
  ['step', 'Key exchange'],
  ['note', 'Key exchange curve25519-sha256, cipher aes256-gcm@openssh.com'],
  ['in', 'uname -srm'],
  ['out', 'Linux 6.1.0-28-amd64 x86_64'],
  ['err', 'bash: warning: setlocale: LC_ALL: cannot change locale'],
];

export const output = (): LogLine[] =>
  outputs.map(([stream, text], index) => ({ seq: index + 1, at: ago(0.1 - index * 0.005), stream, text }));

/** A platform with services and settings of each kind. */
export const vos = {
  ...{ name: 'vos', title: 'Cisco VOS appliance', defaultPort: 22, defaultService: 'Cisco Tomcat' },
  capabilities: ['sshTest', 'restartService'],
  settingsByAdmin: false,
  settings: {
    type: 'object',
    properties: {
      servedPort: {
        ...{ type: ['integer', 'null'], default: 8443, minimum: 0, maximum: 65535 },
        description: 'The port on which the service answers; it must, before a restart counts as done.',
      },
      successExitCodes: { type: 'array', items: { type: 'integer' }, default: [0] },
      checkCommand: { type: 'string', default: '', title: 'Command that looks' },
      readOnly: { type: 'boolean', default: false, description: 'Looks, and restarts nothing.' },
      node: { type: 'string', enum: ['publisher', 'subscriber'], default: 'publisher' },
    },
  },
};

const scripted = {
  ...{ name: 'scripted', title: 'Any host by commands', defaultPort: 22, defaultService: null },
  capabilities: ['sshTest', 'restartService'],
  settingsByAdmin: true,
  settings: { type: 'object', properties: { restartCommand: { type: 'string', default: '' } } },
};

const tables: Record<string, unknown> = {
  '/connections': { connections },
  '/platforms': {
    platforms: [
      scripted,
      { name: 'linux', title: 'Linux host', defaultPort: 22, defaultService: null, capabilities: ['sshTest'] },
      vos,
      { name: 'samovar', title: 'Samovar', defaultPort: 2222 },
    ],
  },
  '/users': {
    users: [
      { username: 'mira', role: 'admin', createdAt: '2026-03-01T08:00:00.000Z' },
      { username: 'jonas', role: 'operator', createdAt: '2026-03-02T08:00:00.000Z' },
    ],
  },
  '/settings': {
    realtime: 'on',
    realtimeRollout: 25,
    environment: { realtime: 'on', realtimeRollout: 100 },
    overrides: {
      realtime: null,
      realtimeRollout: { value: 25, changedBy: 'mira', changedAt: '2025-03-03T09:12:00.000Z' },
    },
  },
  '/connections/3/grants': { grants: [{ username: 'jonas', role: 'operator' }] },
};

/** A client whose server knows this fleet; it answers reads, and 404 for all that it does not know. */
export function fleetClient(): FakeClient {
  const client = new FakeClient();
  client.answer = (_method, path) => {
    const table = tables[path] ?? connections.find(({ id }) => path === `/connections/${id}`);
    if (!table) throw problem(404, 'NOT_FOUND', 'There is nothing here.');
    return table;
  };
  client.show(...operations());
  client.showLog(output());
  return client;
}

/** As many connections as a test wants, on a few platforms. */
export function manyConnections(amount: number): Connection[] {
  const platforms = ['linux', 'vos', 'esxi'];
  return Array.from({ length: amount }, (_, at) =>
    connection(at + 1, `host-${String(at + 1).padStart(4, '0')}`, { platform: platforms[at % 3] ?? 'linux' }),
  );
}
