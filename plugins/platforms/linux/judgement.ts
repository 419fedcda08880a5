/** What the looks since the command mean: still to wait, restarted, or ended badly and why. */
import type { RestartFailure } from '../../../server/platforms/contract.js';
import type { InitSystem, Look } from './look.js';
import { isRefused, isUnknown } from './refusal.js';

/** How the command ended. */
export type CommandEnd =
  | { kind: 'exited'; code: number | null; output: string }
  /** The session was lost under it, or a run before this one sent it: its exit code will never be known. */
  | { kind: 'lost' };

export type Judgement =
  | { kind: 'wait' }
  | { kind: 'restarted' }
  /** `about` completes the sentence that the service's name begins; `quoting` where the command's own words belong to it. */
  | { kind: 'failed'; code: RestartFailure; about: string; quoting: boolean };

export interface Evidence {
  init: Pick<InitSystem, 'judgedByExit'>;
  before: Look;
  now: Look;
  /** Null while the command runs. */
  end: CommandEnd | null;
  /** How long the look has been the same since the command ended, in ms. */
  quietMs: number;
  patience: Patience;
}

export interface Patience {
  /** A service that is still the same after this was not restarted. */
  unchangedMs: number;
  /** A service that is still down after this does not come back by itself. */
  downMs: number;
}

const wait: Judgement = { kind: 'wait' };

function failed(code: RestartFailure, about: string, quoting = true): Judgement {
  return { kind: 'failed', code, about, quoting };
}

/** In words, what has become of the main process. */
export function fate(before: Look, now: Look): string {
  if (now.standing !== 'running') return `it is ${now.state}, with ${now.process}`;
  if (now.mark === null) return `it is ${now.state}, but no main process can be found`;
  return now.mark === before.mark ? `the old ${now.process} still runs` : `a new ${now.process} runs`;
}

/** The command says by itself that it did nothing, or that it failed. */
function byExit({ init, before, now, end }: Evidence): Judgement | null {
  if (end?.kind !== 'exited' || end.code === 0) return null;
  const ended = end.code === null ? 'was ended by a signal' : `ended with exit code ${end.code}`;
  const changed = now.mark !== before.mark;
  if (!changed && isRefused(end.output)) return failed('SERVICE_NOT_PERMITTED', 'may not be restarted by this account');
  if (!changed && isUnknown(end.output)) return failed('SERVICE_UNKNOWN', 'is not known to the machine');
  const stays = now.standing === 'running' && !changed;
  if (init.judgedByExit || stays)
    return failed('SERVICE_RESTART_FAILED', `was not restarted: the command ${ended}, and ${fate(before, now)}`);
  return null;
}

/** The same service as before, and the command is over. */
function unchanged({ before, now, end, quietMs, patience }: Evidence): Judgement {
  if (quietMs < patience.unchangedMs) return wait;
  if (end?.kind === 'lost')
    return failed(
      'OP_OUTCOME_UNKNOWN',
      `shows no restart: ${fate(before, now)}, so the command seems not to have run`,
      false,
    );
  return failed('SERVICE_RESTART_FAILED', `was not restarted: the command ended with 0, but ${fate(before, now)}`);
}

/** No main process to go by: the machine says that it runs, and nothing shows whether it is another one. */
function unprovable(evidence: Evidence): Judgement {
  const { end, quietMs, patience } = evidence;
  if (end?.kind === 'exited') return { kind: 'restarted' };
  if (quietMs < patience.unchangedMs) return wait;
  return failed('OP_OUTCOME_UNKNOWN', 'has no main process by which a restart could be seen', false);
}

function down(evidence: Evidence): Judgement {
  const { before, now, end, quietMs, patience } = evidence;
  const asBefore = before.standing === now.standing && before.mark === now.mark && before.state === now.state;
  if (asBefore && end?.kind === 'lost')
    return quietMs < patience.unchangedMs
      ? wait
      : failed('OP_OUTCOME_UNKNOWN', `is ${now.state}, as it was before the command`, false);
  if (now.standing === 'failed') {
    const { result } = now.facts;
    return failed(
      'SERVICE_NOT_STARTED',
      `did not start: it is ${now.state}${typeof result === 'string' ? `, Result=${result}` : ''}`,
    );
  }
  return quietMs < patience.downMs ? wait : failed('SERVICE_NOT_STARTED', `did not start: it is ${now.state}`);
}

export function judge(evidence: Evidence): Judgement {
  const { before, now, end } = evidence;
  if (end === null || now.standing === 'unreadable') return wait;
  const exit = byExit(evidence);
  if (exit) return exit;
  if (now.standing === 'moving') return wait;
  if (now.standing !== 'running') return down(evidence);
  if (now.mark === null) return unprovable(evidence);
  return now.mark === before.mark ? unchanged(evidence) : { kind: 'restarted' };
}
