import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str } from '../../localisation/door.js';
import { aspectOfStanding, lampWords } from '../connection/standing.js';
import { lamp } from '../lamp/lamp.js';
import { type Definitions, certificateCell, lastCell, nowCell } from './cells.js';
import { type FleetLine, isRetryable } from './line.js';
import { rowStyles } from './row.styles.js';

/** What a row asks of its fleet. */
export interface RowEventMap {
  'fleet-retry': CustomEvent<{ connection: number; operation: string }>;
  'fleet-open': CustomEvent<{ connection: number }>;
}

/** One connection of a `<signalbox-fleet>`: drawn by that element, and only when its own line changes. */
export class FleetRow extends LitElement {
  static override properties: PropertyDeclarations = {
    line: { attribute: false },
    language: { attribute: false },
    definitions: { attribute: false },
    href: { attribute: false },
    primary: { type: Boolean },
  };
  static override styles = rowStyles;
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  line: FleetLine | null = null;
  /** What it is drawn in, told by the fleet: thousands of rows that each listen for it would be dear to add and to remove. */
  language = '';
  definitions: Definitions = [];
  /** Where the connection's name leads, `{id}` for its id; empty: it is a button. */
  href = '';
  /** Whether its button is the one that is filled. */
  primary = false;

  #held: Element | null = null;

  /** The name, where a page's arrow keys lead. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('.name')?.focus(options);
  }

  protected override willUpdate(): void {
    this.#held = this.shadowRoot?.activeElement ?? null;
  }

  protected override updated(): void {
    // The button that was pressed goes when its operation runs; the place in the list is kept.
    if (this.#held && !this.#held.isConnected) this.focus({ preventScroll: true });
    this.#held = null;
  }

  override render(): TemplateResult | typeof nothing {
    const { line } = this;
    if (!line) return nothing;
    const { connection, group, now, refused } = line;
    const quiet = group === 'clear' ? 'quiet' : '';
    return html`<div class="cells ${quiet}" role="presentation">
      <div class="c-lamp" role="cell">
        ${lamp(aspectOfStanding(line, line.isStale), { percent: now?.progress ?? 0, label: lampWords(group) })}
      </div>
      <div class="c-name" role="rowheader">
        ${this.#name(connection.name)} <bdi class="mono muted sm host">${connection.hostname}</bdi>
      </div>
      <div class="c-plat mono soft" role="cell">${connection.platform}</div>
      <div class="c-now" role="cell">
        ${nowCell(line, this.definitions)}
        ${refused ? html`<span class="line sm t-stop" role="alert">${refused}</span>` : nothing}
      </div>
      <div class="c-cert" role="cell">${certificateCell(line)}</div>
      <div class="c-last soft" role="cell">${lastCell(line, this.definitions)}</div>
      <div class="c-act" role="cell">${this.#action(line)}</div>
    </div>`;
  }

  #name(name: string): TemplateResult {
    if (!this.href) {
      return html`<button type="button" class="name" part="name" @click=${this.#open}><bdi>${name}</bdi></button>`;
    }
    return html`<a class="name" part="name" href=${this.#address()} @click=${this.#open}><bdi>${name}</bdi></a>`;
  }

  #address(): string {
    return this.href.replaceAll('{id}', String(this.line?.connection.id ?? ''));
  }

  /** The failed one's way on; nothing else is started from here. */
  #action(line: FleetLine): TemplateResult | typeof nothing {
    const { connection, group, now } = line;
    if (group !== 'needs' || !now || connection.role === 'viewer') return nothing;
    if (!isRetryable(line)) return this.#compare(connection.name);
    return html`<button
      type="button"
      part="button"
      class="btn ${this.primary ? 'primary' : ''}"
      aria-label=${msg(str`Retry on ${connection.name}`)}
      @click=${() => this.#send('fleet-retry', { connection: connection.id, operation: now.id })}
    >
      ${msg('Retry')}
    </button>`;
  }

  /** Another key has to be looked at: a retry would only fail again. */
  #compare(name: string): TemplateResult | typeof nothing {
    if (!this.href) return nothing;
    const label = msg(str`Compare keys of ${name}`);
    return html`<a class="btn" part="button" href=${this.#address()} aria-label=${label} @click=${this.#open}
      >${msg('Compare keys')}</a
    >`;
  }

  readonly #open = (event: MouseEvent): void => {
    const isOwn = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!this.line || !isOwn) return;
    if (!this.#send('fleet-open', { connection: this.line.connection.id })) event.preventDefault();
  };

  #send<Name extends keyof RowEventMap>(name: Name, detail: RowEventMap[Name]['detail']): boolean {
    return this.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-fleet-row': FleetRow;
  }
}
