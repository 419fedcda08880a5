import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { LogController } from '../../controllers/index.js';
import { Lines } from './lines.js';
import { logStyles } from './log.styles.js';

/**
 * What the device said and what was sent to it, live.
 *
 * @element signalbox-log
 * @csspart log - The lines.
 * @cssproperty --signalbox-log-height - How high the lines may stand; 336px.
 */
export class SignalboxLog extends LitElement {
  static override styles = logStyles;

  /** The connection's id. */
  @property({ type: Number }) connection = 0;
  /** The operation's id. */
  @property() operation = '';

  @state() private following = true;
  @query('.log') private box!: HTMLElement;

  readonly #log = new LogController(this, () =>
    this.connection > 0 && this.operation ? { connection: this.connection, operation: this.operation } : null,
  );
  readonly #lines = new Lines();

  override render(): TemplateResult {
    const { lines, known } = this.#log.log;
    const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
    return html`<div
        class="log"
        part="log"
        role="log"
        aria-live="off"
        aria-label="Device output"
        tabindex="0"
        @scroll=${this.#scrolled}
      ></div>
      <p class="foot">
        <button type="button" class="btn" aria-pressed=${this.following ? 'true' : 'false'} @click=${this.#toggle}>
          ${this.following ? 'Following' : 'Follow'}
        </button>
        <span>${known ? count : 'Reading the output…'}</span>
      </p>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const added = this.#lines.show(this.box, this.#log.log.lines);
    if (this.following && (added || changed.has('following'))) this.#toEnd();
  }

  #toEnd(): void {
    this.box.scrollTop = this.box.scrollHeight;
  }

  readonly #toggle = (): void => {
    this.following = !this.following;
  };

  /** Reading further up stops the following; coming back to the end takes it up again. */
  readonly #scrolled = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    this.following = scrollHeight - scrollTop - clientHeight < 24;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-log': SignalboxLog;
  }
}
