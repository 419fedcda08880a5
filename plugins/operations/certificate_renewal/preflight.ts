/** The checks before a renewal: everything that can be tried without an order. All of them run, whatever the first ones say. */
import { randomBytes } from 'node:crypto';
import type { JsonObject, StepContext } from '../../../server/operations/contract.js';
import { takeAway, put } from './challenges.js';
import { fail, type Chain, type Context } from './context.js';
import { dnsOf } from './dns.js';
import { lookAtAll } from './endpoints.js';
import { machineRun } from './machine.js';
import { seenEverywhere } from './propagation.js';

interface Check {
  title: string;
  ok: boolean;
  code: string | null;
  message: string;
  hint: string | null;
}

async function checked(context: Context, title: string, work: () => Promise<string>): Promise<Check> {
  try {
    return { title, ok: true, code: null, message: await work(), hint: null };
  } catch (error) {
    context.signal.throwIfAborted();
    const { code, message, hint } = error as { code?: unknown; message: string; hint?: string | null };
    // A failure without a code is nobody's finding but a fault of ours.
    if (typeof code !== 'string') throw error;
    return { title, ok: false, code, message, hint: hint ?? null };
  }
}

async function checkMachine(chain: Chain, signal: AbortSignal): Promise<string> {
  const { checkInstall } = chain.context.platform;
  if (!checkInstall) return 'Nothing to check on this platform.';
  return checkInstall(await machineRun(chain, signal));
}

async function checkAccount({ desk, authority, context }: Chain): Promise<string> {
  const log = (text: string) => context.log(text, 'note');
  const { url } = await desk.account(authority, { signal: context.signal, log });
  return `${authority.name} knows our account ${url}`;
}

/** The records that an order would need, as far as they can be named before it. */
function recordNames({ settings }: Chain): string[] {
  return [...new Set(settings.names.map((name) => `_acme-challenge.${name.replace(/^\*\./, '')}`))];
}

async function checkDns(chain: Chain, signal: AbortSignal): Promise<string> {
  const { provider, run } = await dnsOf(chain, chain.settings.dnsCredentialId, signal);
  if (provider.manual) return 'A person sets the records: nothing to check.';
  for (const name of recordNames(chain)) await provider.check(run, name);
  return `${provider.title} lets ${recordNames(chain).join(', ')} be written.`;
}

/** Sets a record of its own, sees it at every name server, and takes it away. */
async function checkPropagation(chain: Chain, step: StepContext): Promise<string> {
  const { context, desk, settings } = chain;
  const { provider } = await dnsOf(chain);
  if (provider.manual) return 'A person sets the records: nothing to check.';
  const [record = ''] = recordNames(chain);
  const follows = provider.followsCname !== false;
  const name = follows ? await desk.view.target(record, step.signal) : record;
  const row = await desk.challenges.note({
    ...{ operationId: context.id, connectionId: context.connection.id, certificateId: 0 },
    ...{
      kind: 'dns-01',
      name,
      value: randomBytes(32).toString('base64url'),
      dnsCredentialId: settings.dnsCredentialId,
    },
  });
  await put(chain, row, step.signal);
  await seenEverywhere(chain, { rows: [row], manual: false }, step);
  return `Every name server showed ${name}.`;
}

async function lookNow(chain: Chain, signal: AbortSignal): Promise<string> {
  const all = await lookAtAll(chain, signal);
  return all
    .map(({ name, seen, failure }) => (seen ? `${name} serves serial ${seen.serialNumber}` : `${name}: ${failure}`))
    .join('; ');
}

export async function preflight(chain: Chain): Promise<JsonObject> {
  const { context, settings } = chain;
  const checks: Check[] = [];
  const run = async (title: string, work: () => Promise<string>) => {
    const check = await checked(context, title, work);
    checks.push(check);
    context.log(`${check.ok ? 'In order' : 'Not in order'}: ${title}. ${check.message}`, check.ok ? 'note' : 'err');
    context.result({ checks: checks as unknown as JsonObject[] });
  };
  try {
    await context.step('plan', ({ signal }) => run('Served now', () => lookNow(chain, signal)));
    await context.step('account', () => run('CA account', () => checkAccount(chain)));
    if (settings.challenge === 'dns-01') {
      await context.step('challenge', ({ signal }) => run('DNS credential', () => checkDns(chain, signal)));
      const refused = checks.some(({ title, ok }) => title === 'DNS credential' && !ok);
      if (!refused)
        await context.step('propagation', (step) => run('Propagation', () => checkPropagation(chain, step)));
    }
    await context.step('install', ({ signal }) => run('Machine', () => checkMachine(chain, signal)));
  } finally {
    await takeAway(chain);
  }
  return verdict(context, checks);
}

function verdict(context: Context, checks: Check[]): JsonObject {
  const failed = checks.filter(({ ok }) => !ok);
  const [first] = failed;
  if (first) fail(context, 'PREFLIGHT_FAILED', `${failed.length} of ${checks.length} checks failed. ${first.message}`);
  context.message('Everything that can be tried before an order is in order');
  return { checks: checks as unknown as JsonObject[] };
}
