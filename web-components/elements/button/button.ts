import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Operation, Problem } from '../../client/contract.js';
import { msg, updateWhenLocaleChanges } from '../../localisation/door.js';
import { ClockController, OperationsController } from '../../controllers/index.js';
import { Announcer } from '../announcer.js';
import { ConnectionController } from '../connection-controller.js';
import { DefinitionsController } from '../definitions.js';
import { send } from '../events.js';
import { lamp } from '../lamp/lamp.js';
import { OperationWatch } from '../operation-watch.js';
import { joinedSentence, lookOnly, problemSentence, signedOut, staleSentence } from '../words.js';
import { buttonStyles } from './button.styles.js';
import { type Face, faceOf } from './face.js';
import { question } from './question.js';

/**
 * Starts one operation type on one connection, and shows whoever's run of it: idle, busy, done, failed.
 * The busy button keeps its focus and ignores clicks; its words come from the type's published definition.
 * A page that asks its own question prevents `signalbox-before-start` and calls `start()` after a yes.
 *
 * @element signalbox-button
 * @slot icon - Before the label while idle.
 * @fires signalbox-before-start - Cancelable; before a start is sent. `event.composedPath()[0]` is the button, for its `start()`.
 * @fires signalbox-start - An operation of this type began, whoever started it.
 * @fires signalbox-update - It moved on.
 * @fires signalbox-complete - It completed.
 * @fires signalbox-error - It failed or was cancelled.
 * @csspart button - The button.
 * @csspart note - The sentence beneath it.
 * @csspart failure - The same, while it says why the last run failed: a page that shows that elsewhere can hide it.
 * @csspart dialog - The question before a start.
 */
export class SignalboxButton extends LitElement {
  static override styles = buttonStyles;
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  /** The connection's id. */
  @property({ type: Number }) connection = 0;
  /** The operation type, as in the route. */
  @property() type = '';
  /** Filled with the action colour; one in each region. */
  @property({ type: Boolean }) primary = false;
  /** The params of a start; null: none. */
  @property({ attribute: false }) params: Record<string, unknown> | null = null;
  /** How long the tick stays after a completed run, in ms. */
  @property({ attribute: false }) doneForMs = 4000;

  @state() private starting = false;
  /** The id of an operation that the server has told of and the picture does not show yet. */
  @state() private awaited: string | null = null;
  @state() private celebrated: string | null = null;
  @state() private joined: string | null = null;
  @state() private refused: Problem | null = null;
  @query('dialog') private dialog!: HTMLDialogElement | null;

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #about = new ConnectionController(this, () => this.connection);
  readonly #clock = new ClockController(this);
  readonly #watch = new OperationWatch(this);
  readonly #announcer = new Announcer(this);
  /** The id of the operation that was started or joined here: its end is news even where nothing was seen before it. */
  #begun: string | null = null;
  #doneTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#doneTimer);
    this.celebrated = null;
    this.#begun = null;
    this.#watch.reset();
  }

  /**
   * Starts at once what a press would start, or retries what failed, without `signalbox-before-start` and without the
   * type's own question: for a page that has asked already. Resolves with the operation; with null where nothing was
   * started: the button is busy or barred, or the server refused, which the button shows.
   */
  async start(): Promise<Operation | null> {
    return this.#canStart ? this.#begin() : null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('connection') || changed.has('type')) this.#forget();
    const { known, operations, problem } = this.#operations.snapshot;
    if (problem || operations.some(({ id }) => id === this.awaited)) this.awaited = null;
    const newest = this.#operations.active(this.type) ?? this.#operations.latest(this.type);
    const ended = this.#watch.take(newest, known, this.#begun);
    if (ended) this.#finish(ended);
  }

  override render(): TemplateResult {
    const face = this.#face();
    const barred = face.kind === 'busy' || face.kind === 'barred';
    const definition = this.#definitions.of(this.type);
    return html`<button
        part="button"
        type="button"
        class="btn ${this.#look(face)}"
        aria-disabled=${barred ? 'true' : nothing}
        aria-describedby="note"
        .style=${`--p:${face.progress}%`}
        @click=${this.#press}
      >
        ${this.#mark(face)}<span>${face.label}</span>${
          face.measure ? html` <span class="rem" aria-hidden="true">(${face.measure})</span>` : nothing
        }
      </button>
      <p id="note" part=${face.kind === 'failed' ? 'note failure' : 'note'} class="note">${this.#note(face)}</p>
      ${this.#announcer.regions()}
      ${definition?.confirm ? question(definition.confirm, definition.labels.idle, this.#agreed) : nothing}`;
  }

  #face(): Face {
    return faceOf({
      type: this.type,
      definition: this.#definitions.of(this.type),
      active: this.#operations.active(this.type),
      latest: this.#operations.latest(this.type),
      params: this.params,
      starting: this.starting || this.awaited !== null,
      celebrated: this.celebrated,
      barred: this.#bar !== null,
      hidden: this.#operations.snapshot.problem !== null,
      now: () => this.#clock.now,
    });
  }

  /** Why nothing can be started here; null where it can. */
  get #bar(): string | null {
    const { snapshot, connectionState } = this.#operations;
    if (connectionState.phase === 'signed-out') return signedOut();
    if (snapshot.problem) return problemSentence(snapshot.problem);
    return this.#about.looksOnly ? lookOnly() : null;
  }

  #look({ kind }: Face): string {
    return { idle: this.primary ? 'primary' : '', barred: 'barred', busy: 'busy', done: 'done', failed: 'fail' }[kind];
  }

  #mark({ kind, progress }: Face): TemplateResult {
    if (kind === 'busy') return lamp(progress > 0 ? 'running' : 'turning', { percent: progress });
    if (kind === 'done') return lamp('completed');
    if (kind === 'failed') return lamp('failed');
    return kind === 'barred' ? lamp('locked') : html`<slot name="icon"></slot>`;
  }

  /** An idle button is never wrong for long: its press is answered by the server. A busy one may have ended unseen. */
  #note({ kind }: Face): string {
    const { connectionState } = this.#operations;
    if (kind === 'busy' && connectionState.phase === 'reconnecting') return staleSentence(connectionState);
    if (kind === 'busy' && connectionState.phase === 'signed-out') return signedOut();
    if (this.refused) return problemSentence(this.refused);
    if (kind === 'busy') return this.joined ?? '';
    if (kind === 'barred') return this.#bar ?? '';
    const error = kind === 'failed' ? this.#operations.latest(this.type)?.error : null;
    return [error?.message, error?.hint].filter(Boolean).join(' ');
  }

  readonly #press = (): void => {
    if (!this.#canStart) return;
    const { connection, type, params } = this;
    if (!send(this, 'signalbox-before-start', { connection, type, params }, true)) return;
    if (this.dialog) this.dialog.showModal();
    else void this.#begin();
  };

  readonly #agreed = (): void => void this.#begin();

  get #canStart(): boolean {
    const { kind } = this.#face();
    return kind !== 'busy' && kind !== 'barred';
  }

  async #begin(): Promise<Operation | null> {
    const failed = this.#face().kind === 'failed' ? this.#operations.latest(this.type) : null;
    this.starting = true;
    this.refused = null;
    this.joined = null;
    try {
      const answer = failed
        ? await this.#operations.retry(failed.id)
        : await this.#operations.start(this.type, this.params ?? undefined);
      this.#welcome(answer.status, answer.operation);
      return answer.operation;
    } catch (error) {
      this.#refuse(error as Problem);
      return null;
    } finally {
      this.starting = false;
    }
  }

  #welcome(status: 'started' | 'already_running', operation: Operation): void {
    const shown = this.#operations.operations.find(({ id }) => id === operation.id);
    // A short run may have come and gone in the picture before its start was answered.
    if (shown && shown.completedAt !== null) return this.#sayEnd(shown);
    this.#begun = operation.id;
    this.awaited = operation.id;
    if (status === 'already_running') this.joined = joinedSentence(operation, this.#clock.now);
    this.#announcer.say(this.joined ?? this.#definitions.of(this.type)?.labels.busy ?? msg('Started'));
  }

  #refuse(problem: Problem): void {
    this.refused = problem;
    this.#announcer.alert(problemSentence(problem));
    if (problem.status === 403) void this.#about.refresh();
  }

  #finish(operation: Operation): void {
    this.joined = null;
    this.#begun = null;
    if (operation.status === 'completed') this.#celebrate(operation.id);
    // Others' runs are shown, and read out by the progress that shows them.
    if (this.#announcer.hasSpoken) this.#sayEnd(operation);
  }

  #sayEnd(operation: Operation): void {
    const sentence = this.#endSentence(operation);
    if (operation.status === 'failed') this.#announcer.alert(sentence);
    else this.#announcer.say(sentence);
  }

  #endSentence({ status, error }: Operation): string {
    if (status === 'completed') return this.#definitions.of(this.type)?.labels.done ?? msg('Done');
    return error ? [error.message, error.hint].filter(Boolean).join(' ') : msg('Cancelled');
  }

  #celebrate(id: string): void {
    clearTimeout(this.#doneTimer);
    this.celebrated = id;
    this.#doneTimer = setTimeout(() => (this.celebrated = null), this.doneForMs);
  }

  #forget(): void {
    this.awaited = null;
    this.#begun = null;
    clearTimeout(this.#doneTimer);
    this.celebrated = null;
    this.joined = null;
    this.refused = null;
    this.#announcer.silence();
    this.#watch.reset();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-button': SignalboxButton;
  }
}
