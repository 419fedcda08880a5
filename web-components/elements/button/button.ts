import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Operation, Problem } from '../../client/contract.js';
import { msg, updateWhenLocaleChanges } from '../../localisation/first-door.js';
import { ClockController } from '../../controllers/clock-controller.js';
import { OperationsController } from '../../controllers/operations-controller.js';
import { Announcer } from '../announcer.js';
import { ConnectionController } from '../connection-controller.js';
import { DefinitionsController } from '../definitions.js';
import { send } from '../events.js';
import { lookOnly, reconnecting, refusal, sentences, signedOut } from '../first-words.js';
import { LaterPart } from '../later-part.js';
import { loadSecond } from '../load-second.js';
import { OperationWatch } from '../operation-watch.js';
import { buttonStyles } from './button.styles.js';
import { type Face, faceOf } from './face.js';

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
  static override properties: PropertyDeclarations = {
    connection: { type: Number },
    type: {},
    primary: { type: Boolean },
    params: { attribute: false },
    doneForMs: { attribute: false },
    starting: { state: true },
    awaited: { state: true },
    celebrated: { state: true },
    said: { state: true },
  };
  static override styles = buttonStyles;
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  /** The connection's id. */
  connection = 0;
  /** The operation type, as in the route. */
  type = '';
  /** Filled with the action colour; one in each region. */
  primary = false;
  /** The params of a start; null: none. */
  params: Record<string, unknown> | null = null;
  /** How long the tick stays after a completed run, in ms. */
  doneForMs = 4000;

  private starting = false;
  /** The id of an operation that the server has told of and the picture does not show yet. */
  private awaited: string | null = null;
  private celebrated: string | null = null;
  /** What became of the last press: why it was refused, or who runs what it joined. */
  private said = '';

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #about = new ConnectionController(this, () => this.connection);
  readonly #clock = new ClockController(this);
  readonly #watch = new OperationWatch(this);
  readonly #announcer = new Announcer(this);
  readonly #second = new LaterPart(this, loadSecond);
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

  protected override async getUpdateComplete(): Promise<boolean> {
    return this.#second.complete(() => super.getUpdateComplete());
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
    const second = this.#second.want();
    const barred = face.kind === 'busy' || face.kind === 'barred';
    const definition = this.#definitions.of(this.type);
    return html`<button
        part="button"
        type="button"
        class="btn ${face.kind === 'idle' && this.primary ? 'primary' : face.kind}"
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
      ${definition?.confirm && second ? second.question(definition.confirm, definition.labels.idle, this.#agreed) : nothing}`;
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
      measureOf: (operation) =>
        this.#second.want()?.measureOf(operation, this.#definitions.of(this.type), this.#clock.now) ?? null,
      now: () => this.#clock.now,
    });
  }

  /** Why nothing can be started here; null where it can. */
  get #bar(): string | null {
    const { snapshot, connectionState } = this.#operations;
    if (connectionState.phase === 'signed-out') return signedOut();
    if (snapshot.problem) return refusal(snapshot.problem, this.#second.want());
    return this.#about.looksOnly ? lookOnly() : null;
  }

  #mark({ kind, progress }: Face): TemplateResult | typeof nothing {
    if (kind === 'idle') return html`<slot name="icon"></slot>`;
    const busy = progress > 0 ? 'running' : 'turning';
    const aspect = ({ busy, done: 'completed', failed: 'failed', barred: 'locked' } as const)[kind];
    return this.#second.want()?.lamp(aspect, { percent: progress }) ?? nothing;
  }

  /** An idle button is never wrong for long: its press is answered by the server. A busy one may have ended unseen. */
  #note({ kind }: Face): string {
    const { connectionState } = this.#operations;
    if (kind === 'busy' && connectionState.phase === 'reconnecting')
      return reconnecting(connectionState, this.#second.want());
    if (kind === 'busy' && connectionState.phase === 'signed-out') return signedOut();
    if (this.said || kind === 'busy') return this.said;
    if (kind === 'barred') return this.#bar ?? '';
    const error = kind === 'failed' ? this.#operations.latest(this.type)?.error : null;
    return sentences(error?.message, error?.hint);
  }

  readonly #press = (): void => {
    if (!this.#canStart) return;
    const { connection, type, params } = this;
    if (!send(this, 'signalbox-before-start', { connection, type, params }, true)) return;
    const dialog = this.#dialog;
    if (dialog) dialog.showModal();
    else if (this.#definitions.of(this.type)?.confirm) void this.#ask();
    else void this.#begin();
  };

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  /** The question is still on its way; what asks before it starts never starts unasked. */
  async #ask(): Promise<void> {
    await this.#second.wait();
    await this.updateComplete;
    if (!this.#canStart || this.#dialog?.open) return;
    if (this.#dialog) this.#dialog.showModal();
    else this.#deny(msg('What is asked before this starts could not be loaded. Try again.'));
  }

  readonly #agreed = (): void => void this.#begin();

  get #canStart(): boolean {
    const { kind } = this.#face();
    return kind !== 'busy' && kind !== 'barred';
  }

  async #begin(): Promise<Operation | null> {
    const failed = this.#face().kind === 'failed' ? this.#operations.latest(this.type) : null;
    this.starting = true;
    this.said = '';
    try {
      const answer = failed
        ? await this.#operations.retry(failed.id)
        : await this.#operations.start(this.type, this.params ?? undefined);
      await this.#welcome(answer.status, answer.operation);
      return answer.operation;
    } catch (error) {
      this.#refuse(error as Problem);
      return null;
    } finally {
      this.starting = false;
    }
  }

  async #welcome(status: 'started' | 'already_running', operation: Operation): Promise<void> {
    const shown = this.#operations.operations.find(({ id }) => id === operation.id);
    // A short run may have come and gone in the picture before its start was answered.
    if (shown && shown.completedAt !== null) return this.#sayEnd(shown);
    this.#begun = operation.id;
    this.awaited = operation.id;
    const second = status === 'already_running' && (await this.#second.wait());
    // It may have ended meanwhile.
    if (second && this.#begun === operation.id) this.said = second.joinedSentence(operation, this.#clock.now);
    this.#announcer.say(this.said || (this.#definitions.of(this.type)?.labels.busy ?? msg('Started')));
  }

  #deny(why: string): void {
    this.said = why;
    this.#announcer.alert(why);
  }

  #refuse(problem: Problem): void {
    this.#deny(refusal(problem, this.#second.want()));
    if (problem.status === 403) void this.#about.refresh();
  }

  #finish(operation: Operation): void {
    this.said = '';
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
    return error ? sentences(error.message, error.hint) : msg('Cancelled');
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
    this.said = '';
    this.#announcer.silence();
    this.#watch.reset();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-button': SignalboxButton;
  }
}
