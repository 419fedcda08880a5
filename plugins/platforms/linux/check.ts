/** The look before: whether there is something to restart, and nothing that speaks against it. */
import type { RestartRun } from '../../../server/platforms/contract.js';
import { Deadline } from '../../../server/ssh/deadline.js';
import { factsCommand, readFacts } from './host-facts.js';
import { initSystemOf } from './init-systems.js';
import type { Look } from './look.js';
import type { ReadyStage, Stage } from './stage.js';
import { lookAt } from './watch.js';

const LOOK_MS = 60_000;

function refuseUnfit({ run, look, init }: { run: RestartRun; look: Look; init: string }): void {
  const { service } = run;
  const detail = { init, state: look.state, ...look.facts };
  if (look.standing === 'unknown')
    run.fail('SERVICE_UNKNOWN', `${run.connection.name} knows no service ${service}; nothing was sent.`, detail);
  if (look.standing === 'masked')
    run.fail(
      'SERVICE_RESTART_FAILED',
      `${service} is masked, so systemd would not start it; nothing was sent.`,
      detail,
    );
  if (look.standing === 'unreadable')
    run.fail(
      'SERVICE_RESTART_FAILED',
      `The host does not say how ${service} is: ${look.state}; nothing was sent.`,
      detail,
    );
  if (look.underWay)
    run.fail(
      'SERVICE_IN_TRANSITION',
      `${service} is being changed by somebody else (${look.state}); nothing was sent.`,
      detail,
    );
}

/** Finds out how the host is spoken to and how the service is; fails where a restart makes no sense. */
export async function check(stage: Stage): Promise<ReadyStage> {
  const { run, remote, settings } = stage;
  run.message(`Looking at ${run.service}`);
  const deadline = new Deadline(LOOK_MS);
  const host = readFacts(await remote.look(factsCommand(settings.initSystem), deadline, { timeoutMs: LOOK_MS }));
  const init = initSystemOf(host);
  if (!init)
    return run.fail(
      'SERVICE_RESTART_FAILED',
      'The host has neither systemd, OpenRC nor init scripts; nothing was sent.',
    );
  const look = await lookAt(init, run.service, remote, deadline);
  run.log(`${run.service} by ${init.name} is ${look.state}, with ${look.process}`, 'note');
  refuseUnfit({ run, look, init: init.name });
  return { ...stage, init, before: { host, look } };
}
