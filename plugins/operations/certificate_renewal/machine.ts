/** What the platform works with when the chain needs the machine. */
import { X509Certificate } from 'node:crypto';
import type { StoredCertificate } from '../../../server/certificates/contract.js';
import type { CertificateRun } from '../../../server/platforms/contract.js';
import { opener } from '../../../server/ssh/opener.js';
import { fail, type Chain } from './context.js';

/** What this machine may show as its own: whatever was issued for it through us. */
function fingerprints(certificates: StoredCertificate[]): string[] {
  const inUse = certificates.filter(({ status }) => ['installed', 'served', 'superseded'].includes(status));
  return inUse.flatMap(({ chainPem }) => (chainPem ? [new X509Certificate(chainPem).fingerprint256] : []));
}

export async function machineRun(chain: Chain, signal: AbortSignal): Promise<CertificateRun> {
  const { context, desk, settings, openSession } = chain;
  const known = fingerprints(await desk.store.ofConnection(context.connection.id));
  return {
    signal,
    connection: context.connection,
    install: settings.install,
    knownFingerprints: known,
    open: opener(context, openSession),
    login: async () => ({
      username: context.connection.username,
      password: (await context.credentials()).password,
    }),
    log: (text, stream) => context.log(text, stream),
    message: (text) => context.message(text),
    fail: (code, message, detail) => fail(context, code, message, detail),
  };
}
