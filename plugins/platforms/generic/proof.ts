/** The proof: the exit code, and what is seen of the service from outside. */
import type { JsonObject } from '../../../server/operations/contract.js';
import type { RestartProof } from '../../../server/platforms/contract.js';
import type { Seen, Sight } from './sight.js';
import type { Exit, Stage } from './stage.js';

/** The time is up: what is not as it should be decides the code. */
export function failAtDeadline({ run, settings }: Stage, sight: Sight): never {
  const detail: JsonObject = { check: sight.now.check, port: sight.now.port };
  const within = `within ${settings.restartTimeoutSeconds} s`;
  if (settings.checkCommand && sight.now.check !== true)
    return run.fail('SERVICE_NOT_STARTED', `The check of ${run.service} did not pass ${within}.`, detail);
  const port = `Port ${settings.servedPort} of ${run.connection.hostname}`;
  return run.fail('SERVICE_NOT_SERVING', `${port} was not served steadily ${within}.`, detail);
}

/** Everything good, and still good after the whole time. */
export async function settle(stage: Stage, sight: Sight): Promise<void> {
  let since: number | null = null;
  const settled = await sight.until(() => {
    since = sight.up ? (since ?? performance.now()) : null;
    return since !== null && performance.now() - since >= stage.settings.settleSeconds * 1000;
  });
  if (!settled) failAtDeadline(stage, sight);
}

/**
 * Without the exit code only a service that was seen down, and then up again, was surely restarted; `known` is what a
 * run before this one saw. Answers with what was down.
 */
export async function seenDown(stage: Stage, sight: Sight, before: Seen, known: JsonObject): Promise<'port' | 'check'> {
  const { run, timing } = stage;
  const port = () => sight.down.port || before.port === false || known.portDown === true;
  const check = () => sight.down.check || before.check === false || known.checkDown === true;
  const begun = performance.now();
  await sight.until(() => port() || check() || performance.now() - begun >= timing.unseenMs);
  if (port()) return 'port';
  if (check()) return 'check';
  return run.fail(
    'OP_OUTCOME_UNKNOWN',
    `The session was lost under the restart command of ${run.service}, and since then the service was never seen down.`,
    { check: sight.now.check, port: sight.now.port },
  );
}

/** `exit` is null, and `by` says what was down and up again, where the session was lost under the command. */
export function proofOf(stage: Stage, sight: Sight, exit: Exit | null, before: Seen, by: string | null): RestartProof {
  const { settings } = stage;
  const how = [
    ...(exit ? ['exit_code'] : []),
    ...(settings.checkCommand ? ['check'] : []),
    ...(settings.servedPort === null ? [] : ['port']),
  ];
  return {
    state: 'running',
    how: how.join('+'),
    evidence: {
      exitCode: exit?.code ?? null,
      before: { ...before },
      after: { ...sight.now },
      seenDown: { ...sight.down },
      ...(by === null ? {} : { downAndUpAgain: by }),
      stableSeconds: settings.settleSeconds,
    },
  };
}
