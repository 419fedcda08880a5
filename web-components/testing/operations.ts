/** Operations and definitions for tests: whole, valid, and changed by the test where it matters. */
import type { Operation, PublishedDefinition } from '../client/contract.js';

export const sshTest: PublishedDefinition = {
  type: 'ssh_test',
  title: 'SSH test',
  description: 'Signs in and looks.',
  labels: { idle: 'Test SSH', busy: 'Testing…', done: 'SSH works' },
  display: 'steps',
  confirm: null,
  cancellable: true,
  steps: [
    { key: 'resolve', title: 'Name resolved', weight: 5 },
    { key: 'tcp', title: 'TCP', weight: 10 },
    { key: 'host_key', title: 'Host key', weight: 10 },
    { key: 'key_exchange', title: 'Key exchange', weight: 15 },
    { key: 'authenticate', title: 'Authenticate', weight: 35 },
    { key: 'ready', title: 'Exec ready', weight: 25 },
  ],
  params: {},
  estimatedDuration: 3000,
};

/** A third party's type: a bar with a countdown, and a question before it starts. */
export const teaRound: PublishedDefinition = {
  type: 'tea_round',
  title: 'Tea round',
  description: 'Fills the cups.',
  labels: { idle: 'Brew tea', busy: 'Brewing…', done: 'Tea is ready' },
  display: 'bar',
  confirm: 'Brew tea for everyone?',
  cancellable: false,
  steps: [],
  params: {},
  estimatedDuration: 288_000,
};

export const ping: PublishedDefinition = {
  ...teaRound,
  type: 'ping',
  title: 'Ping',
  labels: { idle: 'Ping', busy: 'Pinging…', done: 'It answers' },
  display: 'spinner',
  confirm: null,
};

/** A long one with a param that people choose. */
export const serviceRestart: PublishedDefinition = {
  ...{ type: 'service_restart', title: 'Service restart', description: 'Restarts a service and proves it.' },
  labels: { idle: 'Restart Service', busy: 'Restarting…', done: 'Restarted' },
  ...{ display: 'bar', confirm: null, cancellable: true, estimatedDuration: 300_000 },
  steps: [
    { key: 'connect', title: 'Connect', weight: 4 },
    { key: 'check', title: 'Look before', weight: 2 },
    { key: 'stopping', title: 'Stopping', weight: 18 },
    { key: 'starting', title: 'Starting', weight: 66 },
    { key: 'prove', title: 'Prove', weight: 10 },
  ],
  params: { type: 'object', properties: { service: { type: 'string', description: 'Which service.' } } },
};

export const definitions = [sshTest, teaRound, ping, serviceRestart];

/** `count` gives each operation its own id, newest last. */
export function operation(count: number, changes: Partial<Operation> = {}): Operation {
  const startedAt = new Date(Date.now() - 2000).toISOString();
  return {
    id: `0190f5e0-0000-7000-8000-${String(count).padStart(12, '0')}`,
    connectionId: 1,
    type: 'ssh_test',
    status: 'in_progress',
    progress: 0,
    step: null,
    message: null,
    error: null,
    startedAt,
    updatedAt: startedAt,
    completedAt: null,
    estimatedDuration: 3000,
    createdBy: 'user',
    requestedBy: 'mira',
    parentId: null,
    retryOf: null,
    attempt: 1,
    params: {},
    cancellable: true,
    revision: 1,
    result: null,
    ...changes,
  };
}

/** The recorded steps up to and including `current`, the last one still running unless `ended`. */
export function stepsUntil(current: string, ended = false): Operation['result'] {
  const index = sshTest.steps.findIndex(({ key }) => key === current);
  const begun = Date.now() - 2000;
  return {
    steps: sshTest.steps.slice(0, index + 1).map(({ key, title }, at) => ({
      key,
      title,
      startedAt: new Date(begun + at * 100).toISOString(),
      durationMs: at === index && !ended ? null : 90 + at * 40,
    })),
  };
}

export function atStep(key: string): NonNullable<Operation['step']> {
  const index = sshTest.steps.findIndex((step) => step.key === key);
  const { title } = sshTest.steps[index] ?? { title: key };
  return { key, title, index: index + 1, count: sshTest.steps.length };
}

/** A restart that waits for the service to come back. */
export function restart(count = 1, changes: Partial<Operation> = {}): Operation {
  return operation(count, {
    type: 'service_restart',
    progress: 30,
    step: { key: 'starting', title: 'Starting', index: 4, count: 5 },
    message: 'Cisco Tomcat is starting',
    estimatedDuration: 300_000,
    params: { service: 'Cisco Tomcat' },
    cancellable: false,
    revision: 4,
    ...changes,
  });
}

/** A run that is at its fourth of six steps. */
export function running(count = 1, changes: Partial<Operation> = {}): Operation {
  return operation(count, {
    progress: 40,
    step: atStep('key_exchange'),
    message: 'Agreeing on a cipher',
    result: stepsUntil('key_exchange'),
    revision: 4,
    ...changes,
  });
}

export function completed(count = 1, changes: Partial<Operation> = {}): Operation {
  return operation(count, {
    status: 'completed',
    progress: 100,
    step: atStep('ready'),
    completedAt: new Date().toISOString(),
    cancellable: false,
    revision: 9,
    result: {
      address: '10.50.2.12',
      banner: 'Authorised use only',
      algorithms: { kex: 'curve25519-sha256', cipher: 'aes256-gcm@openssh.com', mac: null },
      hostKey: { type: 'ssh-ed25519', fingerprint: 'SHA256:9fKq3Vt0aYxN2mRr7Lw4cPz1uJHs8bEoTdGi0000000' },
      ...stepsUntil('ready', true),
    },
    ...changes,
  });
}

export function failed(count = 1, changes: Partial<Operation> = {}): Operation {
  return operation(count, {
    status: 'failed',
    progress: 40,
    step: atStep('authenticate'),
    completedAt: new Date().toISOString(),
    cancellable: false,
    revision: 6,
    error: {
      code: 'SSH_AUTH_REFUSED',
      message: 'The server refused the password.',
      hint: 'Correct the password before you retry.',
      retryable: false,
    },
    result: stepsUntil('authenticate', true),
    ...changes,
  });
}
