/** The proof of a restart: another main process, which lives on, and what it serves, where that is known. */
import type { RestartProof } from '../../../server/platforms/contract.js';
import { Deadline } from '../../../server/ssh/deadline.js';
import { SshError } from '../../../server/ssh/errors.js';
import { waitForPort } from '../../../server/ssh/port-probe.js';
import { failAtDeadline, failWhereJudged } from './ending.js';
import type { ReadyStage } from './stage.js';
import type { Watch } from './watch.js';

/** Another try at the port, however late it is. */
const PORT_GRACE_MS = 2_000;

/** Waits until the same new process has run for the whole time; each new one begins it anew. */
async function settle(stage: ReadyStage, watch: Watch): Promise<void> {
  const settleMs = stage.settings.settleSeconds * 1000;
  let { mark } = watch.last;
  let since = performance.now();
  const settled = await watch.until(() => {
    const { kind } = watch.judgement;
    if (kind === 'failed') return true;
    if (kind === 'wait' || watch.last.mark !== mark) {
      mark = watch.last.mark;
      since = performance.now();
      return false;
    }
    return performance.now() - since >= settleMs;
  });
  await failWhereJudged(stage, watch, watch.judgement);
  if (!settled) await failAtDeadline(stage, watch);
}

/** The address that served; null where no port is to be looked at. */
async function served({ run, settings }: ReadyStage, watch: Watch, deadline: Deadline): Promise<string | null> {
  const { servedPort } = settings;
  if (servedPort === null) return null;
  const { hostname } = run.connection;
  run.message(`${run.service} runs; waiting for port ${servedPort}`);
  try {
    const limit = new Deadline(Math.max(PORT_GRACE_MS, deadline.leftMs));
    return await waitForPort(hostname, servedPort, { signal: run.signal, deadline: limit });
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    return run.fail(
      'SERVICE_NOT_SERVING',
      `${run.service} was restarted and runs with ${watch.last.process}, but nothing is served: ${error.message}`,
      { reason: error.code, last: watch.last.facts },
    );
  }
}

/** Without a main process and without a port there is only the word of the machine, which is no proof. */
function refuseWithoutSight({ run, settings }: ReadyStage, watch: Watch): void {
  if (watch.last.mark !== null || settings.servedPort !== null) return;
  run.fail(
    'OP_OUTCOME_UNKNOWN',
    `The command ended with 0 and ${run.service} is ${watch.last.state}, but without a main process or a served port nothing proves that it was restarted.`,
    { last: watch.last.facts },
  );
}

export async function prove(stage: ReadyStage, watch: Watch, deadline: Deadline): Promise<RestartProof> {
  await settle(stage, watch);
  refuseWithoutSight(stage, watch);
  const address = await served(stage, watch, deadline);
  const { init, before, settings } = stage;
  const by = watch.last.mark === null ? 'exit_code' : 'main_pid';
  return {
    state: watch.last.state,
    how: address === null ? by : `${by}+port`,
    evidence: {
      init: init.name,
      before: before.look.facts,
      after: watch.last.facts,
      stableSeconds: settings.settleSeconds,
      exitCode: watch.end?.kind === 'exited' ? watch.end.code : null,
      ...(address === null ? {} : { servedPort: settings.servedPort, servedAt: address }),
    },
  };
}
