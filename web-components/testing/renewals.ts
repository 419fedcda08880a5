/** Renewals for tests of pages, running and failed, and a server that knows them beside the certificates. */
import type { CertificateSummary } from '../../server/certificates/contract.js';
import type { Operation } from '../client/contract.js';
import { certificateClient, renewalType, summaries } from './certificates.js';
import type { FakeClient } from './fake-client.js';
import { operation } from './operations.js';

/** How far a renewal got that failed at Install. */
const installed = [
  'plan',
  'account',
  'order',
  'challenge',
  'propagation',
  'validate',
  'csr',
  'finalize',
  'store',
  'install',
];

/** A renewal that the device had no space for, 14 minutes ago. */
export function notInstalled(count: number, changes: Partial<Operation> = {}): Operation {
  const startedAt = new Date(Date.now() - 18 * 60_000).toISOString();
  return operation(count, {
    ...{ connectionId: 5, type: 'certificate_renewal', status: 'failed', progress: 42, createdBy: 'cron' },
    ...{ startedAt, completedAt: new Date(Date.now() - 14 * 60_000).toISOString(), cancellable: false, revision: 9 },
    step: { key: 'install', title: 'Install', index: 10, count: 12 },
    error: {
      code: 'INSTALL_NO_SPACE',
      message: 'The device has no space left on /common.',
      hint: 'Free 200 MB, then retry. The issued certificate is kept.',
      retryable: true,
    },
    result: {
      steps: renewalType.steps
        .filter(({ key }) => installed.includes(key))
        .map(({ key, title }, at) => ({ key, title, startedAt, durationMs: 900 + at * 4100 })),
    },
    ...changes,
  });
}

/** A client whose server knows these certificates, a failed renewal of imp-02 and a running one of cucm-pub-01. */
export function renewalsClient(shown: () => CertificateSummary[] = summaries): FakeClient {
  const client = certificateClient();
  const before = client.answer;
  client.answer = (method, path, body) => {
    if (path === '/certificates') return { certificates: shown() };
    if (path.startsWith('/operations?type=')) return { operations: [], next: null, epoch: '1' };
    return before(method, path, body);
  };
  const startedAt = new Date(Date.now() - 190_000).toISOString();
  const steps = renewalType.steps.slice(0, 7).map(({ key, title }, at) => ({
    ...{ key, title, startedAt: new Date(Date.now() - 51_000).toISOString() },
    durationMs: at === 6 ? null : 1200 + at * 9000,
  }));
  client.show(
    renewing(31, {
      ...{ connectionId: 3, createdBy: 'cron', progress: 48, startedAt, estimatedDuration: 560_000 },
      step: { key: 'csr', title: 'Key and request', index: 7, count: 12 },
      message: 'The device is making its RSA 3072 key. It never leaves the device.',
      result: { steps },
    }),
    notInstalled(30),
  );
  return client;
}

/** A renewal that runs, or a check where the params say so. */
export function renewing(count: number, changes: Partial<Operation> = {}): Operation {
  return operation(count, {
    ...{ connectionId: 8, type: 'certificate_renewal', progress: 60, estimatedDuration: 45_000 },
    step: { key: 'install', title: 'Install', index: 10, count: 12 },
    ...{ message: 'Installing the certificate', params: { preflight: false }, revision: 5 },
    ...changes,
  });
}
