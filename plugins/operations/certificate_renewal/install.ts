/** Puts the certificate in place on the machine, by the platform's own means. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstallReport, InstallRun, Platform } from '../../../server/platforms/contract.js';
import { fail, type Renewal } from './context.js';
import { machineRun } from './machine.js';
import { expectedRoots, splitPem } from './roots.js';
import { seenInTime } from './served.js';

type Install = NonNullable<Platform['installCertificate']>;

const ATTEMPTS = 3;
const AGAIN_MS = 2_000;

/** After these the certificate fits nothing any more: the next run begins another one. */
const USELESS = ['INSTALL_STALE_CSR', 'INSTALL_NAMES_DIFFER'];

async function certificateOf(renewal: Renewal): Promise<InstallRun['certificate']> {
  const { context, desk, certificate } = renewal;
  const [leafPem, ...chainPems] = splitPem(certificate.chainPem ?? '');
  const keyPem = certificate.keyBy === 'signalbox' ? await desk.store.openKey(certificate.id) : null;
  if (!leafPem || (certificate.keyBy === 'signalbox' && !keyPem))
    return fail(context, 'INSTALL_FAILED', 'The stored certificate is not complete: its chain or its key is gone.');
  const { pems, known } = expectedRoots(renewal);
  const serialNumber = certificate.serialNumber ?? '';
  return { id: String(certificate.id), leafPem, chainPems, keyPem, rootPems: known ? pems : [], serialNumber };
}

/** A link that is lost in between leaves the machine where it was: the same certificate again goes on from there. */
async function installed(run: InstallRun, installCertificate: Install): Promise<InstallReport> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await installCertificate(run);
    } catch (error) {
      if ((error as { code?: string }).code !== 'INSTALL_UNREACHABLE' || attempt === ATTEMPTS) throw error;
      run.log(`${(error as Error).message} Trying again.`, 'err');
      await sleep(AGAIN_MS, undefined, { signal: run.signal });
    }
  }
}

export async function install(renewal: Renewal, signal: AbortSignal): Promise<void> {
  const { context, desk, certificate } = renewal;
  const { installCertificate, title } = context.platform;
  if (!installCertificate) return fail(context, 'INSTALL_FAILED', `${title} installs nothing any more.`);
  context.message('Installing the certificate');
  const run: InstallRun = {
    ...(await machineRun(renewal, signal)),
    certificate: await certificateOf(renewal),
    served: (signal) => seenInTime(renewal, signal),
  };
  try {
    const { summary, detail } = await installed(run, installCertificate);
    context.log(summary, 'note');
    context.result({ installed: { summary, ...detail } });
  } catch (error) {
    if (USELESS.includes((error as { code?: string }).code ?? ''))
      await desk.store.change(certificate.id, { status: 'superseded' });
    throw error;
  }
  renewal.certificate = await desk.store.change(certificate.id, { status: 'installed' });
}
