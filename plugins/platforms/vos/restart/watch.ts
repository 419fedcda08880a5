/**
 * Follows one restart that has been sent, or may have been: by the output of its command while that runs, else by
 * looking. What it sees is stored at once, so that a new owner knows as much. Nothing here can send a restart.
 */
import type { JsonObject } from '../../../../server/operations/contract.js';
import type { RestartProof, RestartRun } from '../../../../server/platforms/contract.js';
import { SshError } from '../../../../server/ssh/errors.js';
import { failureIn, wordsOf } from '../cli/cues.js';
import { serviceLine, written } from '../services.js';
import { pollGapMs, settingsOf } from '../settings.js';
import type { Deadline } from './deadline.js';
import type { Desk } from './desk.js';
import { CannotLook, type Lookout } from './lookout.js';
import { evidenceOf, sentenceOf } from './report.js';
import type { Sightings } from './sightings.js';
import { judge, judgeLate, type CommandEnd, type Verdict } from './verdict.js';

/** Of the command's output, for the result of a failed restart. */
const MAX_OUTPUT_LINES = 40;
const MAX_OUTPUT_LINE = 255;
/** The silence, in gaps between looks, after which a running command is doubted and looked past. */
const SILENT_GAPS = 4;

export interface WatchParts {
  run: RestartRun;
  lookout: Lookout;
  sightings: Sightings;
  deadline: Deadline;
  /** At which the command was given; null where nobody can hear its output any more. */
  desk: Desk | null;
}

export class Watch {
  readonly #run: RestartRun;
  readonly #lookout: Lookout;
  readonly sightings: Sightings;
  readonly #deadline: Deadline;
  readonly #signal: AbortSignal;
  readonly #silenceMs: number;
  #desk: Desk | null;
  #end: CommandEnd;
  #output: string[] = [];
  #proven = false;
  #said = '';

  constructor({ run, lookout, sightings, deadline, desk }: WatchParts) {
    this.#run = run;
    this.#lookout = lookout;
    this.sightings = sightings;
    this.#deadline = deadline;
    this.#signal = AbortSignal.any([run.signal, deadline.signal]);
    this.#silenceMs = SILENT_GAPS * pollGapMs(settingsOf(run.connection));
    this.#desk = desk;
    this.#end = desk ? 'running' : 'unknown';
  }

  /** Goes on until this holds or the restart is proven; a failure ends the run. */
  async until(reached: (sightings: Sightings) => boolean): Promise<void> {
    while (!this.#proven && !reached(this.sightings)) await this.#step();
  }

  /** Goes on until the restart is proven. */
  async untilProven(): Promise<RestartProof> {
    await this.until(() => false);
    return this.#proof();
  }

  /** The session of the command was lost before or while it was given. */
  async lose(error: unknown): Promise<void> {
    this.#run.signal.throwIfAborted();
    if (!(error instanceof SshError) && !this.#desk?.cli.lost) throw error;
    const why = error instanceof Error ? error.message : String(error);
    this.#run.log(`The session was lost: ${why} The command is not sent again.`, 'note');
    this.#run.message('The session was lost; looking at the appliance again');
    this.#end = 'unknown';
    const desk = this.#desk;
    this.#desk = null;
    await desk?.close();
  }

  async close(): Promise<void> {
    await this.#desk?.close();
  }

  async #step(): Promise<void> {
    this.#run.signal.throwIfAborted();
    if (this.#deadline.passed) this.#fail(judgeLate(this.#run.service, this.sightings, this.#lookout.blind));
    if (this.#desk) await this.#listen(this.#desk);
    else await this.#look();
  }

  async #listen(desk: Desk): Promise<void> {
    const silenceMs = Math.max(1, Math.min(this.#silenceMs, this.#deadline.leftMs));
    const heard = await desk.cli.next(silenceMs).catch(async (error: unknown) => {
      await this.lose(error);
      return null;
    });
    if (heard?.what === 'lines') for (const line of heard.lines) await this.#read(line);
    if (heard?.what === 'prompt') this.#ended(desk);
    if (heard?.what === 'silence') await this.#look();
  }

  async #read(line: string): Promise<void> {
    if (line.trim() === '') return;
    this.#run.log(line.trimEnd(), 'out');
    this.#output = [...this.#output, line.trimEnd().slice(0, MAX_OUTPUT_LINE)].slice(-MAX_OUTPUT_LINES);
    const service = serviceLine(line);
    if (service?.name !== this.#run.service) return;
    if (service.state === 'STARTED') this.sightings.answered();
    if (this.sightings.state(service.state, service.reason)) await this.#tell();
  }

  /** The prompt is back: a refusal is the appliance's own word, anything else is settled by looking. */
  #ended(desk: Desk): void {
    this.#end = 'prompt';
    this.#desk = null;
    this.#lookout.adopt(desk);
    const failure = failureIn(this.#output);
    if (!failure) return;
    const message = `The appliance did not restart ${this.#run.service}: ${wordsOf(failure)}`;
    this.#run.fail('SERVICE_RESTART_FAILED', message, this.#detail());
  }

  async #look(): Promise<void> {
    const look = await this.#lookout.look(this.#signal).catch((error: unknown) => {
      this.#run.signal.throwIfAborted();
      if (error instanceof CannotLook) this.#blinded(error);
      // The next step says so.
      if (this.#deadline.passed) return null;
      throw error;
    });
    if (!look) return;
    const news = this.sightings.look(look);
    if (news && look.listed) this.#run.log(`The list says ${written(look.listed)}`, 'note');
    this.#say();
    if (news) await this.#tell();
    const verdict = judge(this.#run.service, this.sightings, this.#end);
    this.#proven = verdict.is === 'proven';
    if (verdict.is === 'failed') this.#fail(verdict);
  }

  /** The present state in a sentence, and what is still waited for; told once. */
  #say(): void {
    const { now, last } = this.sightings;
    if (now === null) return;
    const waits = now === 'STARTED' && (last?.port.is === 'refused' || last?.port.is === 'silent');
    const { servedPort } = settingsOf(this.#run.connection);
    const still = waits ? `; port ${servedPort} does not serve TLS yet` : '';
    const sentence = sentenceOf(this.#run.service, now) + still;
    if (sentence === this.#said) return;
    this.#said = sentence;
    this.#run.message(sentence);
  }

  async #tell(): Promise<void> {
    this.#say();
    await this.#run.saw(this.sightings.stored());
  }

  #blinded({ message }: CannotLook): never {
    const { service } = this.#run;
    const last = this.sightings.now ?? 'nothing';
    return this.#run.fail(
      'OP_OUTCOME_UNKNOWN',
      `Whether ${service} was restarted cannot be told: the last that was seen was ${last}, and the appliance cannot be looked at any more: ${message}`,
      this.#detail(),
    );
  }

  #fail(verdict: Verdict): never {
    if (verdict.is !== 'failed') throw new Error('Only a failed verdict ends a restart as failed.');
    return this.#run.fail(verdict.code, verdict.message, this.#detail());
  }

  #detail(): JsonObject {
    return { ...evidenceOf(this.sightings, this.#end), output: [...this.#output], lastError: this.#lookout.blind };
  }

  #proof(): RestartProof {
    const how = this.sightings.last?.port.is === 'served' ? 'list+tls' : 'list';
    return { state: 'STARTED', how, evidence: evidenceOf(this.sightings, this.#end) };
  }
}
