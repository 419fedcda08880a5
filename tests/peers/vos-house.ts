/** Simulated VOS appliances as connections of a server, and what came of a restart there. */
import type { Operation } from '../../server/operations/contract.js';
import { Appliance, type ApplianceOptions } from '../../lab/vos/appliance.js';
import { until, type Visitor } from './house.js';

/** How long a restart may take in these tests; an end has to come at most 5 s later. */
export const DEADLINE_SECONDS = 20;
export const GRACE_MS = 5_000;

/** Adds a connection to the appliance; answers with its id. */
export async function connectTo(admin: Visitor, appliance: Appliance, more: object = {}): Promise<number> {
  const answer = await admin.call('POST', '/connections', {
    ...{ name: `vos-${appliance.sshPort}`, platform: 'vos', hostname: '127.0.0.1', port: appliance.sshPort },
    ...{ username: appliance.username, password: appliance.password },
    platformSettings: { servedPort: appliance.tlsPort, restartTimeoutSeconds: DEADLINE_SECONDS },
    ...more,
  });
  if (answer.status !== 201) throw new Error(`the connection: ${answer.status} ${answer.text}`);
  return Number(answer.body['id']);
}

/** What a connection's certificate settings say for this appliance: its own TLS pinned to what it shows from the start. */
export function installOf({ httpsPort, storedFingerprint }: Appliance) {
  return { certmgrPort: httpsPort, tlsFingerprint: storedFingerprint, tlsRootsPem: null };
}

/** Both TLS ports of the appliance, where a certificate has to be seen in the end. */
export function endpointsOf({ httpsPort, tlsPort }: Appliance) {
  return [httpsPort, tlsPort].map((port) => ({ host: null, port, servername: null }));
}

export interface Site {
  appliance: Appliance;
  connectionId: number;
}

/** So many appliances, each a connection of its own. */
export function sites(admin: Visitor, count: number, options: ApplianceOptions): Promise<Site[]> {
  const one = async (seed: number): Promise<Site> => {
    const appliance = await Appliance.start({ ...options, seed });
    return { appliance, connectionId: await connectTo(admin, appliance) };
  };
  return Promise.all(Array.from({ length: count }, (_, index) => one(index + 1)));
}

export async function startRestart(admin: Visitor, connectionId: number): Promise<string> {
  const answer = await admin.call('POST', `/connections/${connectionId}/operations/service_restart`);
  if (answer.status !== 202) throw new Error(`the start: ${answer.status} ${answer.text}`);
  return answer.headers.get('location') ?? '';
}

/** The operation once it has ended; rejects where it does not within `timeoutMs`. */
export function ended(admin: Visitor, path: string, timeoutMs: number): Promise<Operation> {
  return until(
    async () => (await admin.call('GET', path)).body as unknown as Operation,
    (operation) => operation.completedAt !== null,
    timeoutMs,
  );
}

/** What is not true of an ended restart, as sentences; none where the end tells the truth. */
export function untruths(appliance: Appliance, operation: Operation): string[] {
  const { status, error, completedAt, startedAt } = operation;
  const given = appliance.restarts.length;
  const running = appliance.stateOf('Cisco Tomcat') === 'STARTED' && appliance.servingSince() !== null;
  const code = error?.code ?? '';
  const tookMs = Date.parse(completedAt ?? '') - Date.parse(startedAt);
  const rules: [boolean, string][] = [
    [given > 1, `the appliance was given ${given} restarts`],
    [appliance.ctrlC > 0, 'the appliance was sent Ctrl-C'],
    [status === 'completed' && given !== 1, 'it completed without a restart'],
    [status === 'completed' && !running, 'it completed while Cisco Tomcat does not serve'],
    [status === 'failed' && code.startsWith('SSH_') && given > 0, `it failed as ${code} after the restart was given`],
    [status === 'failed' && !/^(SSH_|OP_OUTCOME_UNKNOWN$)/.test(code), `it failed as ${code}: ${error?.message}`],
    [!(tookMs <= DEADLINE_SECONDS * 1000 + GRACE_MS), `it took ${tookMs} ms`],
  ];
  return rules.filter(([broken]) => broken).map(([, sentence]) => sentence);
}

/** A random whole number below `limit` out of a seed, so that a run can be repeated. */
export function dice(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    // Numerical Recipes' linear congruential generator: enough to spread the cuts.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
