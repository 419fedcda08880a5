/** The restart that makes the machine serve what was installed: a child of this operation, or one that runs already. */
import type { Operation } from '../../../server/operations/contract.js';
import { fail, type Renewal } from './context.js';
import { servedInstead } from './served.js';

const TYPE = 'service_restart';
/** How often others' restarts are waited for before this gives up. */
const ROUNDS = 5;

/** Before the first look nothing is restarted; after a crash the child that was begun is gone on with. */
async function ownChild({ context }: Renewal): Promise<Operation | null> {
  const children = await context.children();
  return children.filter(({ type }) => type === TYPE).at(-1) ?? null;
}

async function waited({ context }: Renewal, operation: Operation): Promise<Operation> {
  context.message(`Restarting ${String(operation.params['service'])}: see its own entry`);
  context.result({ restart: operation.id });
  return context.ended(operation.id);
}

function sameService(operation: Operation, service: string): boolean {
  return operation.params['service'] === service;
}

/** One restart of its own, after whatever others run; one of theirs will do where it makes the new serial served. */
async function restarted(renewal: Renewal, service: string): Promise<Operation | null> {
  const { context } = renewal;
  for (let round = 0; round < ROUNDS; round++) {
    const { operation, existing } = await context.begin(TYPE, { service });
    const ended = await waited(renewal, operation);
    if (!existing) return ended;
    context.log(`Waited for the restart of ${String(operation.params['service'])} that ran already.`, 'note');
    if (sameService(operation, service) && (await servedInstead(renewal, context.signal)) === null) return ended;
  }
  return null;
}

function judge({ context }: Renewal, service: string, ended: Operation | null, instead: string | null): void {
  if (instead === null) return;
  if (!ended)
    fail(context, 'RESTART_FAILED', `${service} was restarted by others again and again, and nothing changed.`);
  if (ended.status === 'completed') return;
  const why = ended.error?.message ?? `its restart ended as ${ended.status}.`;
  fail(context, 'RESTART_FAILED', `The certificate is installed, but ${service} was not restarted: ${why}`);
}

export async function restart(renewal: Renewal): Promise<void> {
  const { context, place } = renewal;
  const service = place.restartService;
  if (service === null) return;
  const child = await ownChild(renewal);
  if (!child && (await servedInstead(renewal, context.signal)) === null) return;
  await context.step('restart', async ({ signal }) => {
    const ended = child ? await waited(renewal, child) : await restarted(renewal, service);
    judge(renewal, service, ended, await servedInstead(renewal, signal));
  });
}
