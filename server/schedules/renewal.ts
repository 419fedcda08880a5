/** certificate_renewal as a schedule: when the next one comes, and its start through the engine's one door. */
import { setImmediate } from 'node:timers/promises';
import Boom from '@hapi/boom';
import type { Knex } from 'knex';
import type { RenewalInfo } from '../acme/contract.js';
import type { CertificateSettings, PlannedRenewal } from '../certificates/contract.js';
import type { RunAnswer, Schedule, ScheduleKind, ScheduleLog, ScheduleRun } from './contract.js';
import { dueOf, isReplaced, ourServed, type RenewalFacts, type Stored } from './renewal-due.js';
import { afterEnd, afterFailure, isRunning, waitsUntil, type OperationEnd } from './renewal-ladder.js';
import { planOf } from './renewal-plan.js';
import { cleared, readState, type AriMoment, type RenewalState } from './renewal-state.js';
import { afterAnswer, afterSilence, asksAgain } from './renewal-window.js';
import { iso } from './row.js';
import { findSchedule, schedulesOf } from './store.js';

export const RENEWAL = 'certificate_renewal';

const MINUTE_MS = 60_000;
const PLANS_IN_A_ROW = 20;
const CATCH_UP_MS = 24 * 60 * MINUTE_MS;
/** How often a running renewal is looked at again: ever more rarely, as it may wait for a person. */
const MOST_APART_MS = 15 * MINUTE_MS;

export interface RenewalWorld {
  knex: Knex;
  /** What is wanted, stored (newest first) and was seen last; null where the connection is gone. */
  facts(connectionId: number): Promise<RenewalFacts | null>;
  /** Looks at the endpoints anew and keeps what was seen. */
  look(connectionId: number, signal: AbortSignal): Promise<unknown>;
  /** Asks the certificate's CA (RFC 9773); null where it has no such information. */
  renewalInfo(certificate: Stored, signal: AbortSignal): Promise<RenewalInfo | null>;
  /** Begins a renewal, created by cron, or joins the active one. Rejects with a Boom where it is refused. */
  start(connectionId: number): Promise<{ operationId: string; existing: boolean }>;
  /** How an operation stands; null where it is no longer stored. */
  operationEnd(operationId: string): Promise<OperationEnd | null>;
  log: ScheduleLog;
  /** Epoch ms. */
  now?(): number;
  /** From 0 up to 1. */
  random?(): number;
}

export interface RenewalSchedule {
  kind: ScheduleKind;
  /** When and why the next renewal comes; null where no certificate is wanted. Asks nobody outside. */
  planned(connectionId: number): Promise<PlannedRenewal | null>;
  /** The same of many connections at once, out of what is known of each; without those where none is wanted. */
  plannedOf(facts: ReadonlyMap<number, RenewalFacts>): Promise<Map<number, PlannedRenewal>>;
}

export function certificateRenewal(world: RenewalWorld): RenewalSchedule {
  const renewal = new Renewal(world);
  const kind: ScheduleKind = {
    name: RENEWAL,
    catchUpMs: CATCH_UP_MS,
    times: (connectionId) => renewal.times(connectionId),
    run: (run) => renewal.run(run),
  };
  return {
    kind,
    planned: (connectionId) => renewal.planned(connectionId),
    plannedOf: (facts) => renewal.plannedOf(facts),
  };
}

class Renewal {
  readonly #world: RenewalWorld;
  readonly #now: () => number;
  readonly #random: () => number;

  constructor(world: RenewalWorld) {
    this.#world = world;
    this.#now = world.now ?? Date.now;
    this.#random = world.random ?? Math.random;
  }

  async times(connectionId: number) {
    const settings = (await this.#world.facts(connectionId))?.settings;
    return settings?.renewal.automatic ? timesOf(settings) : null;
  }

  async planned(connectionId: number): Promise<PlannedRenewal | null> {
    const facts = await this.#world.facts(connectionId);
    if (!facts?.settings) return null;
    return this.#plan(connectionId, facts, facts.settings, await findSchedule(this.#world.knex, RENEWAL, connectionId));
  }

  async plannedOf(all: ReadonlyMap<number, RenewalFacts>): Promise<Map<number, PlannedRenewal>> {
    const schedules = await schedulesOf(this.#world.knex, RENEWAL);
    const plans = new Map<number, PlannedRenewal>();
    for (const [id, facts] of all) {
      if (!facts.settings) continue;
      plans.set(id, await this.#plan(id, facts, facts.settings, schedules.get(id) ?? null));
      // Cron expressions cost time: others have their turn in between.
      if (plans.size % PLANS_IN_A_ROW === 0) await setImmediate();
    }
    return plans;
  }

  async #plan(
    connectionId: number,
    facts: RenewalFacts,
    settings: CertificateSettings,
    schedule: Schedule | null,
  ): Promise<PlannedRenewal> {
    const stored = readState(schedule?.state ?? {});
    const state = afterEnd(stored, await this.#endOf(stored), this.#now());
    return planOf(connectionId, settings, servedFor(facts, settings), state, this.#now());
  }

  async run(run: ScheduleRun): Promise<RunAnswer> {
    const facts = await this.#world.facts(run.connectionId);
    const settings = facts?.settings;
    if (!facts || !settings?.renewal.automatic)
      return { outcome: 'not_due', detail: 'It is not renewed automatically.' };
    const before = readState(run.state);
    const end = await this.#endOf(before);
    if (end && isRunning(end)) return this.#stillRunning(end);
    const certificate = await this.#certificate(run, facts, settings);
    const counted = afterEnd(before, end, this.#now());
    const state = { ...counted, ari: certificate && (await this.#ari(certificate, counted.ari, run.signal)) };
    return this.#decide(run, settings, certificate, state);
  }

  async #decide(
    run: ScheduleRun,
    settings: CertificateSettings,
    certificate: Stored | null,
    state: RenewalState,
  ): Promise<RunAnswer> {
    const now = this.#now();
    const present = run.scheduled ? Math.min(Date.parse(run.dueAt), now) : now;
    const due = dueOf(run.connectionId, certificate, { ari: state.ari, times: timesOf(settings), now: present });
    if (due.at > now) return answer('not_due', `It is due from ${iso(due.at)}.`, cleared(state));
    const until = waitsUntil(state, now);
    if (until !== null) return answer('waiting', `${state.because} It waits until ${iso(until)}.`, state, until);
    // Only a retry after a failure comes at a time of its own.
    if (!run.scheduled && state.failures === 0)
      return answer('waiting', 'It is due and waits for the next moment of its schedule.', state);
    return this.#start(run.connectionId, state);
  }

  async #start(connectionId: number, state: RenewalState): Promise<RunAnswer> {
    try {
      const { operationId, existing } = await this.#world.start(connectionId);
      const begun = { ...state, lastOperationId: operationId };
      const detail = existing ? 'A renewal was running already.' : 'A renewal was started.';
      return { ...answer(existing ? 'waiting' : 'started', detail, begun, this.#now() + MINUTE_MS), operationId };
    } catch (error) {
      return this.#refused(error, state);
    }
  }

  /** A refusal counts as a failure, except where something else is running in its place. */
  #refused(error: unknown, state: RenewalState): RunAnswer {
    if (!Boom.isBoom(error) || error.isServer) throw error;
    const now = this.#now();
    if ((error.data as { code?: unknown } | null)?.code === 'OP_BUSY')
      return answer('waiting', error.message, state, now + MINUTE_MS);
    const failed = afterFailure(state, now, error.message);
    return answer('failed', error.message, failed, Date.parse(failed.notBefore ?? iso(now)));
  }

  #stillRunning({ startedAt }: OperationEnd): RunAnswer {
    const now = this.#now();
    const apartMs = Math.min(Math.max((now - Date.parse(startedAt)) / 2, MINUTE_MS), MOST_APART_MS);
    const againAt = iso(now + Math.round(apartMs));
    return { outcome: 'waiting', detail: 'The last renewal is still running.', againAt };
  }

  /** A sighting may be hours old: before an order is made for it, it is looked at again. */
  async #certificate(run: ScheduleRun, facts: RenewalFacts, settings: CertificateSettings): Promise<Stored | null> {
    const ours = ourServed(facts, settings);
    if (!ours || !isReplaced(ours, facts.served)) return ours;
    await this.#world.look(run.connectionId, run.signal);
    const again = await this.#world.facts(run.connectionId);
    return again && servedFor(again, settings);
  }

  async #ari(certificate: Stored, known: AriMoment | null, signal: AbortSignal): Promise<AriMoment> {
    const now = this.#now();
    if (known && !asksAgain(known, certificate.id, now)) return known;
    try {
      const info = await this.#world.renewalInfo(certificate, signal);
      return afterAnswer(known, certificate.id, info, { now, random: this.#random });
    } catch (error) {
      signal.throwIfAborted();
      this.#world.log.info({ err: error, connectionId: certificate.connectionId }, 'a CA was not asked when to renew');
      return afterSilence(known, certificate.id, now);
    }
  }

  async #endOf({ lastOperationId }: RenewalState): Promise<OperationEnd | null> {
    return lastOperationId === null ? null : this.#world.operationEnd(lastOperationId);
  }
}

const timesOf = ({ renewal: { cron, timeZone } }: CertificateSettings) => ({ cron, timeZone });

function servedFor(facts: RenewalFacts, settings: CertificateSettings): Stored | null {
  const ours = ourServed(facts, settings);
  return ours && !isReplaced(ours, facts.served) ? ours : null;
}

/** It comes back when it has to wait, or when the CA is to be asked again, whatever is first. */
function answer(outcome: RunAnswer['outcome'], detail: string, state: RenewalState, comesBack?: number): RunAnswer {
  const asks = state.ari ? Date.parse(state.ari.checkAgainAt) : Infinity;
  const again = Math.min(comesBack ?? Infinity, asks);
  return { outcome, detail, state, ...(Number.isFinite(again) ? { againAt: iso(again) } : {}) };
}
