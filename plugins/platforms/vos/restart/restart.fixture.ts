/** Restarts on a simulated appliance, and what must hold after each of them, however it ended. */
import type { Test } from 'tap';
import type { ApplianceOptions } from '../../../../lab/vos/appliance.js';
import { recordingRun, RestartFailed, type RecordingOptions } from '../../../../tests/peers/restart-run.js';
import type { RestartProof } from '../../../../server/platforms/contract.js';
import { pause } from '../../../../server/ssh/backoff.js';
import { startLab, world, type Lab } from '../lab.fixture.js';
import type { World } from '../world.js';
import { Restart } from './restart.js';

const FACTOR = 10;

/** A world whose own waits pass ten times as fast. */
export function fastWorld(parts: Partial<World> = {}): World {
  const start = Date.now();
  return {
    ...world,
    now: () => start + (Date.now() - start) * FACTOR,
    sleep: (delayMs, signal) => pause(delayMs / FACTOR, signal),
    ...parts,
  };
}

export interface Case extends Partial<Omit<RecordingOptions, 'connection' | 'open'>> {
  lab?: Lab;
  appliance?: ApplianceOptions;
  world?: Partial<World>;
  /** Of the fast world. Default: 100, ten seconds of ours. */
  restartTimeoutSeconds?: number;
  open?: RecordingOptions['open'];
}

export async function restart(t: Test, options: Case = {}) {
  const lab = options.lab ?? (await startLab(t, options.appliance));
  const { appliance, target } = lab;
  const { restartTimeoutSeconds = 100, service = 'Cisco Tomcat', open = lab.open } = options;
  const platformSettings = { ...target.platformSettings, restartTimeoutSeconds };
  const { run, record } = recordingRun({ ...options, service, open, connection: { ...target, platformSettings } });
  const before = appliance.restarts.length;
  const linesBefore = appliance.commands.length;
  const restarting = async () => new Restart(run, fastWorld(options.world)).run();
  const outcome = await restarting().then(
    (proof: RestartProof) => ({ proof, error: null }),
    (error: Error) => ({ proof: null, error }),
  );
  await lab.quiet();
  t.equal(record.unclosed, 0, 'closes each session');
  t.equal(appliance.ctrlC, 0, 'never interrupts');
  t.notOk(appliance.received.includes('\u0003'));
  const given = appliance.commands.slice(linesBefore).filter((line) => line.includes('restart'));
  t.ok(given.length <= 1 && appliance.restarts.length <= before + 1, 'restarts at most once');
  if (options.sent) t.equal(appliance.restarts.length, before, 'sends nothing');
  if (outcome.error === null) t.equal(appliance.stateOf(service), 'STARTED', 'tells the truth');
  const { code = null, detail = {} } = outcome.error instanceof RestartFailed ? outcome.error : {};
  return { ...outcome, code, detail, record, appliance, restarts: appliance.restarts.length };
}
