/** A restart by an admin's own commands: sent once, proven by the exit code and by what is seen from outside. */
import type { JsonObject } from '../../../server/operations/contract.js';
import type { RestartProof, RestartRun, SentRestart } from '../../../server/platforms/contract.js';
import { Deadline } from '../../../server/ssh/deadline.js';
import { Remote } from '../../../server/ssh/remote.js';
import { refuseBadExit, sendCommand } from './command.js';
import { failAtDeadline, proofOf, seenDown, settle } from './proof.js';
import { settingsOf } from './settings.js';
import { Sight, type Seen } from './sight.js';
import type { Exit, Stage, Timing } from './stage.js';

const usual: Timing = { pollMs: 1_000, unseenMs: 60_000 };
const CHECK_MS = 60_000;
/** Whoever takes over late still looks a while. */
const LEAST_LOOK_MS = 15_000;

function sightFor({ run, remote, settings, timing }: Stage, deadline: Deadline): Sight {
  return new Sight({ run, remote, settings, deadline, pollMs: timing.pollMs });
}

interface Sent {
  /** Null where it will never be known. */
  exit: Exit | null;
  sight: Sight;
  before: Seen;
  /** What a run before this one saw. */
  known: JsonObject;
}

/** The phases after the command, the same for whoever sent it and whoever takes over. */
async function follow(stage: Stage, { exit, sight, before, known }: Sent): Promise<RestartProof> {
  const { run } = stage;
  const by = await run.phase('starting', async () => {
    const down = exit ? null : await seenDown(stage, sight, before, known);
    if (!(await sight.until(() => sight.up))) failAtDeadline(stage, sight);
    return down;
  });
  await run.phase('prove', () => settle(stage, sight));
  return proofOf(stage, sight, exit, before, by);
}

/** The looks begin only when it is durable that the command may have been sent: what they see is stored beside it. */
async function send(stage: Stage, before: Seen): Promise<RestartProof> {
  const { run, settings } = stage;
  const deadline = new Deadline(settings.restartTimeoutSeconds * 1000);
  const sight = sightFor(stage, deadline);
  try {
    const exit = await run.phase('stopping', async () => {
      run.message(`Restarting ${run.service}`);
      await run.aboutToSend({ ...before });
      sight.begin();
      const ended = await sendCommand(stage, deadline);
      if (ended) refuseBadExit(stage, ended);
      // What was seen while the command ran may be the old service.
      sight.forget();
      return ended;
    });
    return await follow(stage, { exit, sight, before, known: {} });
  } finally {
    sight.stop();
  }
}

async function restart(stage: Stage): Promise<RestartProof> {
  const { run, remote } = stage;
  await run.phase('connect', () => remote.connect());
  const before = await run.phase('check', () => sightFor(stage, new Deadline(CHECK_MS)).once());
  return send(stage, before);
}

const flag = (value: unknown) => (typeof value === 'boolean' ? value : null);

/** The command may have been sent by a run that was lost: from here on nothing is sent any more. */
async function observe(stage: Stage, sent: SentRestart): Promise<RestartProof> {
  const { settings, timing } = stage;
  const leftMs = Date.parse(sent.at) + settings.restartTimeoutSeconds * 1000 - Date.now();
  const leastMs = LEAST_LOOK_MS + timing.unseenMs + settings.settleSeconds * 1000;
  const sight = sightFor(stage, new Deadline(Math.max(leastMs, leftMs)));
  const before = { check: flag(sent.before.check), port: flag(sent.before.port) };
  try {
    sight.begin();
    return await follow(stage, { exit: null, sight, before, known: sent.seen });
  } finally {
    sight.stop();
  }
}

/** See `Platform.restartService`; other times in tests. */
export function restartWith(timing: Timing) {
  return async (run: RestartRun): Promise<RestartProof> => {
    const settings = settingsOf(run.connection);
    // From the sending on it is ours, so whether it was somebody else's is asked first.
    const { sent } = run;
    if (settings.restartCommand === '')
      run.fail('SERVICE_SETTINGS_MISSING', 'The connection has no restart command; nothing was sent.');
    const note = (line: string) => run.log(line, 'note');
    const remote = new Remote({ open: (signal) => run.open(signal), signal: run.signal, note });
    const stage: Stage = { run, remote, settings, timing };
    try {
      return await (sent ? observe(stage, sent) : restart(stage));
    } finally {
      remote.close();
    }
  };
}

export const restartService = restartWith(usual);
