/** The restart of one service: look, send once, watch what becomes of it, prove it. */
import type { RestartProof, RestartRun, SentRestart } from '../../../server/platforms/contract.js';
import { Deadline } from '../../../server/ssh/deadline.js';
import { Remote } from '../../../server/ssh/remote.js';
import { restored, stored } from './before.js';
import { check } from './check.js';
import { SentCommand } from './command.js';
import { failAtDeadline, failWhereJudged, looking } from './ending.js';
import { initSystemOf } from './init-systems.js';
import { prove } from './proof.js';
import { settingsOf, type LinuxSettings } from './settings.js';
import type { ReadyStage, Stage } from './stage.js';
import { Watch, type Timing } from './watch.js';

/** What has not moved for a while after the command does not move any more. */
const usual: Timing = { pollMs: 1_000, unchangedMs: 10_000, downMs: 30_000 };
/** Whoever takes over late still looks long enough to see that nothing moves. */
const LEAST_LOOK_MS = 15_000;

async function send(stage: ReadyStage, deadline: Deadline): Promise<Watch> {
  const { run, remote, init, before, timing } = stage;
  const { service } = run;
  const session = await remote.connect();
  run.message(`Restarting ${service}`);
  await run.aboutToSend(stored(before));
  run.log(init.restartWords(service).join(' '), 'in');
  const log: RestartRun['log'] = (text, stream) => run.log(text, stream);
  const command = new SentCommand(session, init.restartCommand(service), run.signal, log);
  const watch = new Watch({ run, init, remote, before: before.look, command, deadline, timing });
  await looking(stage, watch, () => watch.until(() => watch.end !== null || watch.changed));
  return watch;
}

/** The phases after the command, the same for whoever sent it and whoever takes over. */
async function follow(stage: ReadyStage, watch: Watch, deadline: Deadline): Promise<RestartProof> {
  const { run } = stage;
  await run.phase('starting', () =>
    looking(stage, watch, async () => {
      const known = await watch.until(() => watch.judgement.kind !== 'wait');
      await failWhereJudged(stage, watch, watch.judgement);
      if (!known) await failAtDeadline(stage, watch);
    }),
  );
  return run.phase('prove', () => looking(stage, watch, () => prove(stage, watch, deadline)));
}

async function restart(stage: Stage): Promise<RestartProof> {
  const { run, remote, settings } = stage;
  await run.phase('connect', () => remote.connect());
  const ready = await run.phase('check', () => check(stage));
  const sent = await run.phase('stopping', async () => {
    const deadline = new Deadline(settings.restartTimeoutSeconds * 1000);
    return { deadline, watch: await send(ready, deadline) };
  });
  return follow(ready, sent.watch, sent.deadline);
}

/** What is left of the time that the command was given. */
function remaining({ at }: SentRestart, { restartTimeoutSeconds, settleSeconds }: LinuxSettings, timing: Timing) {
  const wholeMs = restartTimeoutSeconds * 1000;
  const leftMs = Date.parse(at) + wholeMs - Date.now();
  const leastMs = LEAST_LOOK_MS + timing.unchangedMs + settleSeconds * 1000;
  return new Deadline(Math.max(leastMs, Math.min(wholeMs, leftMs)));
}

/** The command may have been sent by a run that was lost: from here on nothing is sent any more. */
async function observe(stage: Stage, sent: SentRestart): Promise<RestartProof> {
  const { run, remote, settings, timing } = stage;
  const before = restored(sent.before);
  const init = before && initSystemOf(before.host);
  if (!before || !init)
    return run.fail('OP_OUTCOME_UNKNOWN', 'What was seen before the command is not in a form that can be compared.');
  const ready: ReadyStage = { ...stage, init, before };
  const deadline = remaining(sent, settings, timing);
  const watch = new Watch({ run, init, remote, before: before.look, command: null, deadline, timing });
  await run.phase('connect', () => looking(ready, watch, () => remote.look('exit 0', deadline)));
  return follow(ready, watch, deadline);
}

/** See `Platform.restartService`; other times in tests. */
export function restartWith(timing: Timing) {
  return async (run: RestartRun): Promise<RestartProof> => {
    const note = (line: string) => run.log(line, 'note');
    const remote = new Remote({ open: (signal) => run.open(signal), signal: run.signal, note });
    const stage: Stage = { run, remote, settings: settingsOf(run.connection), timing };
    // From the sending on it is ours, so whether it was somebody else's is asked first.
    const { sent } = run;
    try {
      return await (sent ? observe(stage, sent) : restart(stage));
    } finally {
      remote.close();
    }
  };
}

export const restartService = restartWith(usual);
