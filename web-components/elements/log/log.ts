import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Operation } from '../../client/contract.js';
import { LogController, OperationsController } from '../../controllers/index.js';
import { language, msg, updateWhenLocaleChanges } from '../../localisation/door.js';
import { ConnectionController } from '../connection-controller.js';
import { lamp } from '../lamp/lamp.js';
import { problemSentence } from '../words.js';
import { copyText } from './clipboard.js';
import { download, fileName } from './download.js';
import { logStyles } from './log.styles.js';
import { copyOf, fileOf } from './plain-text.js';
import { copiedSentence, linesSentence, matchSentence } from './sentences.js';
import { standing } from './standing.js';
import { type Actions, tools } from './tools.js';
import { LogView } from './view.js';

/** How long it stays said what became of a copy. */
const saidForMs = 4000;

/**
 * What the device said and what was sent to it, live: followed to its end until one reads further up, searched, copied,
 * downloaded. Only the lines near the view are in the page, so Ctrl+F in it goes to its own search, which finds all.
 *
 * @element signalbox-log
 * @slot label - A heading, beside the tools.
 * @slot empty - Where there is no output.
 * @csspart tools - The row above the lines.
 * @csspart search - The search field.
 * @csspart log - The lines.
 * @csspart status - The row beneath the lines.
 * @cssproperty [--signalbox-log-height=336px] - How high the lines may stand.
 */
export class SignalboxLog extends LitElement {
  static override properties: PropertyDeclarations = {
    connection: { type: Number },
    operation: {},
    nowrap: { type: Boolean, reflect: true },
    said: { state: true },
    announced: { state: true },
  };
  static override styles = logStyles;

  /** The connection's id. */
  connection = 0;
  /** The operation's id; without it the active one, else the last. */
  operation = '';
  /** Long lines go on to the side instead of being broken. */
  nowrap = false;

  /** What became of a copy. */
  private said = '';
  private announced = '';

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #about = new ConnectionController(this, () => this.connection);
  readonly #log = new LogController(this, () => {
    const operation = this.#shown;
    return this.connection > 0 && operation ? { connection: this.connection, operation } : null;
  });
  readonly #view = new LogView(() => this.#told());
  #spoken = language();
  #saidTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#view.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view.close();
    clearTimeout(this.#saidTimer);
    this.said = '';
  }

  override render(): TemplateResult {
    const count = this.#view.rows.all.length;
    return html`<div class="head" part="tools" ?hidden=${count === 0 && !this.#isLabelled}>
        <slot name="label" @slotchange=${() => this.requestUpdate()}></slot>
        ${count > 0 ? tools(this.#view.finder, !this.nowrap, this.#actions) : nothing}
      </div>
      <div
        class="log"
        part="log"
        role="log"
        aria-live="off"
        aria-label=${msg('Device output')}
        tabindex="0"
        @scroll=${() => this.#view.follow.scrolled()}
        @wheel=${this.#wheel}
        @keydown=${this.#keyed}
        @copy=${this.#copied}
      >
        ${count === 0 ? this.#nothing() : nothing} ${this.#view.lines}
      </div>
      ${this.#foot(count)} <span class="vh" role="status">${this.announced}</span>`;
  }

  protected override willUpdate(): void {
    this.#view.take(this.#log.log.lines);
    if (language() !== this.#spoken) this.#view.blocks.redraw();
    this.#spoken = language();
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.#view.draw();
    if (changed.has('nowrap')) this.#view.rewrap();
  }

  get #isLabelled(): boolean {
    return this.querySelector(':scope > [slot="label"]') !== null;
  }

  get #shown(): string {
    return this.operation || (this.#operations.operations[0]?.id ?? '');
  }

  get #operation(): Operation | null {
    return this.#operations.operations.find(({ id }) => id === this.#shown) ?? null;
  }

  #nothing(): TemplateResult {
    const { known } = this.#log.log;
    // Without a name it is not even known which log.
    const problem = this.#log.log.problem ?? this.#operations.snapshot.problem;
    if (problem) return html`<p class="nothing">${lamp('locked')} ${problemSentence(problem)}</p>`;
    const isNone = known || (this.#operations.snapshot.known && !this.#shown);
    if (!isNone) return html`<p class="nothing">${msg('Reading the output…')}</p>`;
    const isOver = this.#operation !== null && this.#operation.completedAt !== null;
    return html`<slot name="empty"><p class="nothing">${isOver ? msg('No output') : msg('No output yet')}</p></slot>`;
  }

  #foot(count: number): TemplateResult | typeof nothing {
    const stands = standing(this.#log.connectionState, this.#operation);
    if (count === 0 && stands === nothing) return nothing;
    const isOn = this.#view.follow.isOn;
    return html`<div class="foot" part="status">
      ${
        count === 0
          ? nothing
          : html`<button
                type="button"
                class="btn toggle"
                aria-pressed=${isOn ? 'true' : 'false'}
                @click=${() => this.#view.follow.set(!isOn)}
              >
                ${isOn ? msg('Following') : msg('Follow')}
              </button>
              <span>${linesSentence(count)}</span> <span class="said">${this.said}</span>`
      }
      <span class="end">${stands}</span>
    </div>`;
  }

  readonly #actions: Actions = {
    find: (query) => this.#view.finder.find(query),
    go: (steps) => this.#view.finder.go(steps),
    leave: () => {
      this.#view.finder.find('');
      this.renderRoot.querySelector<HTMLElement>('.log')?.focus();
    },
    wrap: () => (this.nowrap = !this.nowrap),
    copy: () => void this.#copy(),
    download: () => this.#download(),
  };

  readonly #wheel = { handleEvent: (event: WheelEvent) => this.#view.follow.wheeled(event), passive: true };

  readonly #keyed = (event: KeyboardEvent): void => {
    const isFind = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey;
    const field = this.renderRoot.querySelector('input');
    if (!isFind || !field) return this.#view.follow.keyed(event);
    event.preventDefault();
    field.select();
  };

  /** The lines in the middle of a long selection may not be in the page. */
  readonly #copied = (event: ClipboardEvent): void => {
    const text = this.#view.selected;
    if (text === null) return;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };

  async #copy(): Promise<void> {
    const rows = this.#view.rows.all;
    const selected = this.#view.selected;
    const isCopied = await copyText(selected ?? copyOf(rows));
    this.#say(copiedSentence(isCopied, selected === null ? rows.length : null));
  }

  #download(): void {
    const name = this.#about.value?.name ?? `connection-${this.connection}`;
    download(fileName(name, this.#shown), fileOf(this.#view.rows.all));
  }

  /** Somebody reads, or searches. */
  #told(): void {
    const { query, isSearching, count, current } = this.#view.finder;
    if (query !== '' && !isSearching) this.announced = matchSentence(isSearching, count, current);
    this.requestUpdate();
  }

  #say(sentence: string): void {
    this.said = sentence;
    this.announced = sentence;
    clearTimeout(this.#saidTimer);
    this.#saidTimer = setTimeout(() => (this.said = ''), saidForMs);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-log': SignalboxLog;
  }
}
