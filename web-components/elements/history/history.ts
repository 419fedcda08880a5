import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Operation } from '../../client/contract.js';
import { ClockController, OperationsController } from '../../controllers/index.js';
import { msg, number, str, updateWhenLocaleChanges } from '../../localisation/door.js';
import { plural } from '../../localisation/plural.js';
import { ClientAttachment } from '../client-attachment.js';
import { DefinitionsController } from '../definitions.js';
import { freshness } from '../freshness.js';
import { lamp } from '../lamp/lamp.js';
import { problemSentence } from '../words.js';
import { entry } from './entry.js';
import { historyStyles } from './history.styles.js';
import { OlderOperations } from './older.js';
import { choicesOf, typeFilter } from './type-filter.js';

const hourMs = 3_600_000;

/**
 * The operations of one connection, newest first: of one type where one is chosen, older ones as they are asked for.
 * A row opens to what was found, the steps and the output.
 *
 * @element signalbox-history
 * @slot label - A heading, beside the choice of types.
 * @slot empty - Where nothing has run.
 * @csspart filter - The choice of types.
 * @csspart history - The list.
 * @csspart entry - A row's button.
 * @csspart details - An open row's details.
 * @csspart output - A piece of output that a failure keeps.
 * @csspart more - The button for older ones.
 */
export class SignalboxHistory extends LitElement {
  static override properties: PropertyDeclarations = {
    connection: { type: Number },
    type: {},
    limit: { type: Number },
    opened: { state: true },
    chosen: { state: true },
    shown: { state: true },
    announced: { state: true },
  };
  static override styles = historyStyles;

  /** The connection's id. */
  connection = 0;
  /** Only this operation type; without it a person chooses. */
  type = '';
  /** How many rows there are at first, and come with each “Show more”. */
  limit = 20;

  private opened: string | null = null;
  private chosen = '';
  private shown = 0;
  private announced = '';

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #clock = new ClockController(this);
  readonly #older = new OlderOperations(() => this.requestUpdate());
  readonly #attachment = new ClientAttachment(this, () => () => this.#older.forget());

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has('connection') || changed.has('type');
    // Another user may not see what this one saw.
    if (isOther || !this.#operations.snapshot.known) this.#older.forget();
    if (isOther) this.chosen = '';
    if (isOther || changed.has('limit')) this.shown = this.limit;
  }

  override render(): TemplateResult {
    const { known, problem } = this.#operations.snapshot;
    if (problem)
      return html`${this.#head([])}
        <p class="empty stale">${lamp('locked')} ${problemSentence(problem)}</p>`;
    if (!known) return html`${this.#head([])} ${this.#unread()}`;
    const all = this.#older.with(this.#operations.snapshot);
    const wanted = this.#wanted ? all.filter(({ type }) => type === this.#wanted) : all;
    return html`${this.#head(all)} ${freshness(this.#operations.connectionState)} ${this.#list(wanted)}
      ${this.#more(wanted)} <span class="vh" role="status">${this.announced}</span>`;
  }

  get #wanted(): string {
    return this.type || this.chosen;
  }

  #head(operations: readonly Operation[]): TemplateResult {
    const choices = this.type ? [] : choicesOf(operations, (type) => this.#definitions.of(type));
    const isLabelled = this.querySelector(':scope > [slot="label"]') !== null;
    const isAsked = choices.length > 1 || this.chosen !== '';
    return html`<div class="head" ?hidden=${!isAsked && !isLabelled}>
      <slot name="label" @slotchange=${() => this.requestUpdate()}></slot>
      ${isAsked ? typeFilter(choices, this.chosen, this.#choose) : nothing}
    </div>`;
  }

  #list(operations: readonly Operation[]): TemplateResult {
    if (operations.length === 0) return this.#nothing();
    const now = this.#nowFor(operations);
    return html`<ol class="history" part="history" @keydown=${this.#keyed}>
      ${repeat(
        operations.slice(0, this.shown),
        ({ id }) => id,
        (operation) =>
          entry(operation, {
            definition: this.#definitions.of(operation.type),
            isOpen: this.opened === operation.id,
            now,
            toggle: () => (this.opened = this.opened === operation.id ? null : operation.id),
          }),
      )}
    </ol>`;
  }

  #nothing(): TemplateResult {
    if (this.#older.hasMore(this.#operations.snapshot))
      return html`<p class="empty">${msg('None among the newest.')}</p>`;
    if (this.#wanted) return html`<p class="empty">${msg('None of this kind has run here yet.')}</p>`;
    return html`<slot name="empty"><p class="empty">${msg('Nothing has run here yet.')}</p></slot>`;
  }

  #more(operations: readonly Operation[]): TemplateResult | typeof nothing {
    const { problem, isReading } = this.#older;
    if (operations.length <= this.shown && !this.#older.hasMore(this.#operations.snapshot)) return nothing;
    return html`<div class="more">
      <button
        type="button"
        class="btn"
        part="more"
        aria-disabled=${isReading ? 'true' : nothing}
        @click=${() => void this.#showMore(operations)}
      >
        ${isReading ? msg('Reading…') : msg('Show more')}
      </button>
      ${problem ? html`<span class="soft sm" role="alert">${problemSentence(problem)}</span>` : nothing}
    </div>`;
  }

  /** Old rows need no clock; those of the last hour say how long ago. */
  #nowFor(operations: readonly Operation[]): number {
    const now = this.#clock.glance;
    const isRecent = operations.some(
      ({ completedAt, updatedAt }) => completedAt === null || now - Date.parse(updatedAt) < hourMs,
    );
    return isRecent ? this.#clock.now : now;
  }

  #unread(): TemplateResult | typeof nothing {
    const { connectionState } = this.#operations;
    const isAway = connectionState.phase === 'reconnecting' || connectionState.phase === 'signed-out';
    return isAway ? freshness(connectionState) : html`<p class="empty">${msg('Reading the history…')}</p>`;
  }

  readonly #choose = (type: string): void => {
    this.#older.forget();
    this.chosen = type;
    this.shown = this.limit;
  };

  /** First what is here already, then what has to be read; the focus goes to the first row that is new. */
  async #showMore(operations: readonly Operation[]): Promise<void> {
    const { client } = this.#attachment;
    const before = Math.min(this.shown, operations.length);
    if (operations.length <= this.shown && client) {
      await this.#older.read(client, this.connection, this.#wanted, operations);
      if (this.#older.problem) return;
    }
    this.shown = before + this.limit;
    await this.updateComplete;
    const entries = this.#entries;
    entries[before]?.focus();
    const count = entries.length;
    this.announced = plural(count, {
      one: msg(str`${number(count)} operation shown`),
      other: msg(str`${number(count)} operations shown`),
    });
  }

  get #entries(): HTMLElement[] {
    return [...(this.shadowRoot?.querySelectorAll<HTMLElement>('.entry') ?? [])];
  }

  /** From row to row by the arrows; inside an open row they belong to what is there. */
  readonly #keyed = (event: KeyboardEvent): void => {
    const entries = this.#entries;
    const at = entries.indexOf(event.target as HTMLElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const places: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 };
    const next = entries[places[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-history': SignalboxHistory;
  }
}
