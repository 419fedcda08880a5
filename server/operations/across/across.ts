/**
 * What other nodes store, told here as if it had been stored here. Notifications say when to look; what there is to see the
 * tables say; and where nothing is heard, looks are taken by the clock. docs/decisions/0014-several-nodes.md.
 */
import type { ClientConfig } from 'pg';
import { Listener } from '../../across/listener.js';
import { Rounds } from '../../across/rounds.js';
import type { Publications } from '../publications.js';
import type { OperationRow } from '../row.js';
import type { OperationStore } from '../store.js';
import type { EngineLog } from '../world.js';
import { baseline, changesSince, linesAfter, rowsOf, type LogPosition } from './changes.js';
import { add, LOG_CHANNEL, noNotes, OPERATIONS_CHANNEL, type LogNote, type Notes } from './notes.js';

/** What comes from one write or one burst is looked at once; and this node's own writes are known by then. */
const GATHER_MS = 15;
const BACKSTOP_MS = 5_000;
const DEAF_EVERY_MS = 1_000;

export interface AcrossSetting {
  store: OperationStore;
  publications: Publications;
  log: EngineLog;
  /** Rows that this node did not know of yet. */
  found(rows: OperationRow[]): void;
  /** How often everything is looked at while notifications are heard. */
  backstopMs?: number;
}

/** A log may be there by its notification and by the clock: its lines are asked for once, from the earlier place; unknown where one is. */
function eachOnce(positions: LogPosition[]): LogPosition[] {
  const logs = new Map<string, LogPosition>();
  for (const position of positions) {
    const key = `${position.connectionId} ${position.operationId}`;
    const { after } = logs.get(key) ?? position;
    const earlier = after === null || position.after === null ? null : Math.min(after, position.after);
    logs.set(key, { ...position, after: earlier });
  }
  return [...logs.values()];
}

export class Across {
  readonly #setting: AcrossSetting;
  readonly #listener: Listener;
  readonly #rounds: Rounds;
  #notes: Notes = noNotes();
  #snapshot: string | null = null;
  /** Something may have been said that was not heard; until a look at everything has succeeded. */
  #isBehind = true;
  #isFailing = false;

  constructor(setting: AcrossSetting) {
    this.#setting = setting;
    const { connection } = setting.store.knex.client.config as { connection: string | ClientConfig };
    this.#listener = new Listener({
      connection,
      channels: [OPERATIONS_CHANNEL, LOG_CHANNEL],
      heard: (channel, payload) => this.#heard(channel, payload),
      changed: (isListening, cause) => this.#listening(isListening, cause),
    });
    this.#rounds = new Rounds({
      work: (isDue) => this.#look(isDue),
      gatherMs: GATHER_MS,
      everyMs: () =>
        this.#listener.isListening && !this.#isFailing ? (setting.backstopMs ?? BACKSTOP_MS) : DEAF_EVERY_MS,
    });
  }

  /** Whatever is stored from here on is told. Rejects where the database can't be asked. */
  async start(): Promise<void> {
    this.#snapshot = await baseline(this.#setting.store.knex);
    await this.#listener.start();
    this.#rounds.start();
  }

  async stop(): Promise<void> {
    await this.#listener.stop();
    await this.#rounds.stop();
  }

  #heard(channel: string, payload: string): void {
    add(this.#notes, channel, payload);
    this.#rounds.wake();
  }

  #listening(isListening: boolean, cause: unknown): void {
    const { log } = this.#setting;
    if (isListening) log.info({}, 'listening to what other nodes store');
    else log.error({ err: cause }, 'notifications of other nodes are not heard; looking every second instead');
    this.#isBehind = true;
    this.#rounds.wake();
  }

  async #look(isDue: boolean): Promise<void> {
    const [notes, isBehind] = [this.#notes, this.#isBehind];
    this.#notes = noNotes();
    // Whatever is stored from now on is heard of, or the listener says that it is not.
    if (this.#listener.isListening) this.#isBehind = false;
    if (isDue) this.#listener.check();
    try {
      // First the lines: they were stored before the end that they belong to.
      await this.#lookAtLogs([...this.#logsOf(notes), ...(isDue || isBehind ? this.#logsRead(isBehind) : [])]);
      if (isDue || isBehind || notes.isUnclear || this.#hasNews(notes)) await this.#lookAtRows();
      this.#recovered();
    } catch (error) {
      this.#failed(error);
    }
  }

  #hasNews({ revisions }: Notes): boolean {
    return [...revisions].some(([id, revision]) => this.#setting.publications.isNews(id, revision));
  }

  async #lookAtRows(): Promise<void> {
    const { store, publications, found } = this.#setting;
    const { snapshot, changed } = await changesSince(store.knex, this.#snapshot as string);
    const news = changed.filter(({ id, revision }) => publications.isNews(id, revision)).map(({ id }) => id);
    for await (const rows of rowsOf(store.knex, news)) found(publications.seen(rows));
    // Only now: a look that failed half-way is taken again.
    this.#snapshot = snapshot;
  }

  async #lookAtLogs(positions: LogPosition[]): Promise<void> {
    const { store, publications } = this.#setting;
    for await (const parts of linesAfter(store.knex, eachOnce(positions)))
      for (const { row, lines } of parts) publications.logged(row, lines);
  }

  #logsOf({ logs }: Notes): LogPosition[] {
    return [...logs.values()].flatMap((note) => this.#positionOf(note));
  }

  #positionOf({ connectionId, operationId, first, last }: LogNote): LogPosition[] {
    const { publications } = this.#setting;
    if (!publications.reads({ connectionId, operationId })) {
      publications.forgetLines(operationId);
      return [];
    }
    const told = publications.lastLine(operationId);
    return told !== null && told >= last ? [] : [{ connectionId, operationId, after: told ?? first - 1 }];
  }

  /** A log that nothing was told of yet is only looked at where a notification may have been missed. */
  #logsRead(isBehind: boolean): LogPosition[] {
    const { publications } = this.#setting;
    const all = publications.reading().map((log) => ({ ...log, after: publications.lastLine(log.operationId) }));
    return isBehind ? all : all.filter(({ after }) => after !== null);
  }

  #recovered(): void {
    if (this.#isFailing) this.#setting.log.info({}, 'what other nodes store can be read again');
    this.#isFailing = false;
  }

  #failed(error: unknown): void {
    if (!this.#isFailing) this.#setting.log.error({ err: error }, 'what other nodes store could not be read');
    this.#isFailing = true;
    this.#isBehind = true;
  }
}
