/** How a restart ends badly: the code, one sentence with the machine's own words, and all of them in the detail. */
import type { RestartFailure } from '../../../server/platforms/contract.js';
import { SshError } from '../../../server/ssh/errors.js';
import { explain } from './explanation.js';
import type { Judgement } from './judgement.js';
import { sudoersLine } from './refusal.js';
import type { ReadyStage } from './stage.js';
import type { Watch } from './watch.js';

/** Joined without doubling the full stop. */
const sentence = (text: string) => (/[.!?]$/u.test(text) ? text : `${text}.`);

async function end(stage: ReadyStage, watch: Watch, code: RestartFailure, about: string, quoting: boolean) {
  const { run, init, before, remote } = stage;
  const { quote, detail } = await explain({
    init,
    service: run.service,
    remote,
    end: watch.end,
    deadline: watch.deadline,
  });
  const told = sentence(`${run.service} ${about}${quoting && quote ? `: ${quote}` : ''}`);
  return run.fail(code, told, { ...detail, before: before.look.facts, last: watch.last.facts });
}

/** Fails where the looks say so. */
export async function failWhereJudged(stage: ReadyStage, watch: Watch, judgement: Judgement): Promise<void> {
  if (judgement.kind !== 'failed') return;
  const { run, init, before } = stage;
  const { code, about, quoting } = judgement;
  if (code !== 'SERVICE_NOT_PERMITTED') return end(stage, watch, code, about, quoting);
  const line = sudoersLine(run.connection.username, init, before.host, run.service);
  const output = watch.end?.kind === 'exited' ? watch.end.output : '';
  run.fail(
    code,
    `${run.service} ${about}: ${sentence(output.split('\n').at(-1) ?? '')} This line in sudoers allows it: ${line}`,
    {
      output,
      sudoers: line,
    },
  );
}

/** Fails because the time is up. */
export async function failAtDeadline(stage: ReadyStage, watch: Watch): Promise<never> {
  const { restartTimeoutSeconds } = stage.settings;
  const running = watch.end === null ? ', and the command has not ended' : '';
  const what = watch.last.standing === 'running' && watch.changed ? 'has not run steadily' : 'did not come back';
  const about = `${what} within ${restartTimeoutSeconds} s: it is ${watch.last.state}, with ${watch.last.process}${running}`;
  return end(stage, watch, 'SERVICE_NOT_STARTED', about, true);
}

/** Runs what looks after the command was sent; a host that can no longer be looked at leaves the outcome open. */
export async function looking<T>(stage: ReadyStage, watch: Watch, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    const { run } = stage;
    return run.fail(
      'OP_OUTCOME_UNKNOWN',
      `The restart of ${run.service} was sent, then the host could not be looked at any more (${error.message.replace(/\.$/u, '')}); last seen: ${watch.last.state}, with ${watch.last.process}.`,
      { reason: error.code, last: watch.last.facts },
    );
  }
}
