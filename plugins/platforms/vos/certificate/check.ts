/** Whether the certificate interface would let us in; changes nothing. */
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import { plainLine } from '../../../../server/ssh/text.js';
import type { World } from '../world.js';
import { Certmgr } from './certmgr.js';
import { certificatesIn } from './pem.js';

interface Snapshot {
  server?: unknown;
  identities?: unknown;
}

/** ` and holds CN=cucm1.example, valid until 2027-01-31, for Tomcat`; empty where it does not say. */
function identityIn({ identities }: Snapshot): string {
  const all: unknown[] = Array.isArray(identities) ? identities : [];
  const tomcat = all.find((one) => (one as { service?: unknown } | null)?.service === 'tomcat');
  const [certificate] = certificatesIn(tomcat);
  if (!certificate) return '';
  const subject = plainLine(certificate.subject.replaceAll('\n', ', '));
  return ` and holds ${subject}, valid until ${new Date(certificate.validTo).toISOString().slice(0, 10)}, for Tomcat`;
}

/** One line for people. The right to change something shows only when something is changed. */
export async function checkInstall(run: CertificateRun, world: World): Promise<string> {
  const certmgr = await Certmgr.open(run, world, { patienceMs: world.certmgr.checkPatienceMs });
  const snapshot = ((await certmgr.read('/snapshot/server')) ?? {}) as Snapshot;
  const server = typeof snapshot.server === 'string' ? plainLine(snapshot.server) : run.connection.hostname;
  return `${server} lets ${run.connection.username} read its certificates${identityIn(snapshot)}.`;
}
