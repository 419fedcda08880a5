/** One run of the chain: each part goes on from what is stored, so that a run after a crash is the same run. */
import type { CertificateDesk, CertificateSettings } from '../../../server/certificates/contract.js';
import type { JsonObject } from '../../../server/operations/contract.js';
import type { PlatformCertificate } from '../../../server/platforms/contract.js';
import type { OpenSession } from '../../../server/ssh/opener.js';
import { takeAway } from './challenges.js';
import { fail, type Chain, type Context, type Renewal } from './context.js';
import { install } from './install.js';
import { issue } from './issue.js';
import type { Pacing } from './pacing.js';
import { plan } from './plan.js';
import { preflight } from './preflight.js';
import { restart } from './restart.js';
import { seeServed } from './served.js';

interface Parts {
  desk: () => CertificateDesk;
  openSession: OpenSession;
  pacing: Pacing;
}

function wanted(context: Context): { settings: CertificateSettings; place: PlatformCertificate } {
  const { connection, platform } = context;
  if (!connection.certificate || !platform.certificate)
    return fail(context, 'INSTALL_SETTINGS_MISSING', `${connection.name} no longer says which certificate is wanted.`);
  return { settings: connection.certificate, place: platform.certificate };
}

/** Another run goes on with what stands: it is not this one's to take away any more. */
function isHandedOver({ signal }: Context): boolean {
  const { kind } = (signal.reason ?? {}) as { kind?: unknown };
  return signal.aborted && (kind === 'shutdown' || kind === 'lost');
}

async function renew(chain: Chain): Promise<JsonObject> {
  const { context } = chain;
  const renewal = await context.step('plan', ({ signal }) => plan(chain, signal));
  try {
    if (!renewal.certificate.chainPem) await issue(renewal);
  } finally {
    if (!isHandedOver(context)) await takeAway(renewal);
  }
  return deliver(renewal);
}

async function deliver(renewal: Renewal): Promise<JsonObject> {
  const { context } = renewal;
  await context.step('install', ({ signal }) => install(renewal, signal));
  await restart(renewal);
  return context.step('served', ({ signal }) => seeServed(renewal, signal));
}

export function runWith({ desk: deskOf, openSession, pacing }: Parts) {
  return async (context: Context): Promise<JsonObject> => {
    const desk = deskOf();
    const { settings, place } = wanted(context);
    const authority = await desk.authority(settings.authorityId);
    const chain: Chain = { context, desk, settings, place, authority, openSession, pacing };
    return context.params.preflight ? preflight(chain) : renew(chain);
  };
}
