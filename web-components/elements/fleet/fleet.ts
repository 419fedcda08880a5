import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { language, msg, updateWhenLocaleChanges } from '../../localisation/door.js';
import { customProperties } from '../custom-properties.js';
import { DefinitionsController } from '../definitions.js';
import { freshness, isStale } from '../freshness.js';
import { lamp } from '../lamp/lamp.js';
import { problemSentence } from '../words.js';
import { send } from '../events.js';
import { blocksOf, drawBlocks, type Item, itemsOf } from './blocks.js';
import type { Definitions } from './cells.js';
import { FleetSource } from './fleet-source.js';
import type { FleetChange } from './fleet-store.js';
import { fleetStyles } from './fleet.styles.js';
import { Growth } from './growth.js';
import { countsOf, type FleetLine, isRetryable } from './line.js';
import { type Order, type Section, sectionsOf } from './order.js';
import type { FleetRow, RowEventMap } from './row.js';
import { Sight } from './sight.js';
import { headerRow, type Toolbar, toolbar } from './toolbar.js';
import { connectionCount, groupTitle, matchWords } from './words.js';

const none: Definitions = [];

const amountOf = (sections: readonly Section[]): number => sections.reduce((sum, { lines }) => sum + lines.length, 0);

/**
 * Every connection that the token may see, what is wrong first: grouped by state, sorted and filtered by whoever looks. A change
 * draws the one row that it is about.
 *
 * @element signalbox-fleet
 * @slot empty - Where there is no connection at all.
 * @slot error - Where the connections cannot be read, instead of the sentence.
 * @fires signalbox-open - Cancelable; before the `href` of a connection is followed.
 * @fires signalbox-fleet-change - The lines changed; `lines` holds them.
 * @csspart panel - The whole.
 * @csspart filter - The filter's field.
 * @csspart row - A connection's row.
 * @csspart name - A connection's name.
 * @csspart button - A row's button.
 * @csspart status - How many are shown.
 */
export class SignalboxFleet extends LitElement {
  static override properties: PropertyDeclarations = {
    href: {},
    filter: {},
    order: { state: true },
    announced: { state: true },
  };
  static override styles = fleetStyles;

  /** Where a connection's name leads: `/devices/{id}`, with `{id}` for its id; without it a click only sends `signalbox-open`. */
  href = '';
  /** Words that a connection has to have: in its name, host, platform or state. */
  filter = '';

  private order: Omit<Order, 'filter'> = { sorting: 'state', isDescending: false, group: null };
  private announced = '';

  readonly #definitions = new DefinitionsController(this);
  readonly #source = new FleetSource(this, (change) => this.#take(change));
  readonly #growth = new Growth(this);
  readonly #sight = new Sight(this, (ids) => this.#source.see(ids));
  #focused: FleetRow | null = null;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.addEventListener('keydown', (event) => this.#walk(event));
  }

  /** What is known of each connection, in no particular order; null: nothing yet. */
  get lines(): readonly FleetLine[] | null {
    return this.#source.isKnown ? [...this.#source.store.lines.values()] : null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#focused = this.shadowRoot?.activeElement?.closest('signalbox-fleet-row') ?? null;
    if (this.hasUpdated && (changed.has('filter') || changed.has('order'))) this.#announce();
  }

  protected override updated(): void {
    if (!this.#focused) return;
    // A row that moved has lost the focus on its way; one that moved far was made again.
    const row = this.shadowRoot?.getElementById(this.#focused.id) as FleetRow | null;
    if (!row || this.shadowRoot?.activeElement === row) return;
    void row.updateComplete.then(() => row.focus({ preventScroll: true }));
  }

  override render(): TemplateResult {
    const { isKnown, problem, store } = this.#source;
    if (!isKnown) return this.#unknown(problem && problemSentence(problem));
    if (store.lines.size === 0) return this.#empty();
    const sections = sectionsOf(store.lines.values(), this.#order);
    const bare = ![...store.lines.values()].some(({ certificate }) => certificate);
    return html`<section
      class="panel ${bare ? 'bare' : ''}"
      part="panel"
      aria-label=${msg('Connections')}
      @fleet-retry=${this.#retry}
      @fleet-open=${this.#open}
    >
      ${toolbar(this.#toolbar)} ${this.#stale()} ${this.#table(sections)}
      <p class="vh" role="status">${this.announced}</p>
    </section>`;
  }

  get #order(): Order {
    return { ...this.order, filter: this.filter };
  }

  get #toolbar(): Toolbar {
    const { lines } = this.#source.store;
    return { order: this.#order, counts: countsOf(lines.values()), total: lines.size, change: this.#choose };
  }

  #table(sections: readonly Section[]): TemplateResult {
    const amount = amountOf(sections);
    if (amount === 0) return this.#noMatch();
    const first = sections.flatMap(({ lines }) => lines).find(isRetryable)?.connection.id;
    const { part, left } = this.#growth.part(itemsOf(sections));
    const around = [first, this.href, this.#definitions.all, language()];
    return html`<div role="table" aria-label=${msg('Connections')} aria-rowcount=${amount + 1}>
        <div role="rowgroup">${headerRow(this.#toolbar)}</div>
        <div role="rowgroup">
          ${drawBlocks(blocksOf(part), (item) => this.#item(item, first), around, this.#sight.turn)}
        </div>
      </div>
      <div class="room" ${customProperties({ '--_left': String(left) })}></div>
      <p class="foot" part="status">${this.#count(amount)}</p>`;
  }

  #item(item: Item, first: number | undefined): TemplateResult {
    if (!('line' in item)) {
      return html`<div class="group" role="row">
        <span role="rowheader">${groupTitle(item.group)} <span class="count">${item.amount}</span></span>
      </div>`;
    }
    return html`<signalbox-fleet-row
      id="row-${item.key}"
      role="row"
      part="row"
      exportparts="name, button"
      .href=${this.href}
      .language=${language()}
      .definitions=${this.#definitions.all ?? none}
      .line=${item.line}
      .primary=${item.key === first}
    ></signalbox-fleet-row>`;
  }

  #stale(): TemplateResult | typeof nothing {
    const { problem, state: connectionState } = this.#source;
    if (isStale(connectionState)) return freshness(connectionState);
    return problem ? html`<p class="stale trouble">${lamp('due')} ${problemSentence(problem)}</p>` : nothing;
  }

  #noMatch(): TemplateResult {
    return html`<div class="none">
      <span>${matchWords(0, this.#source.store.lines.size)}</span>
      <button type="button" class="btn" @click=${this.#clear}>${msg('Clear filter')}</button>
    </div>`;
  }

  #unknown(problem: string | null): TemplateResult {
    const words = html`<p class="loading" role="status">${problem ?? msg('Reading the connections…')}</p>`;
    return html`<section
      class="panel"
      part="panel"
      aria-label=${msg('Connections')}
      aria-busy=${problem ? 'false' : 'true'}
    >
      ${problem ? html`<slot name="error">${words}</slot>` : words}
    </section>`;
  }

  #empty(): TemplateResult {
    return html`<slot name="empty">
      <section class="panel empty" part="panel">
        <span class="rail" aria-hidden="true"></span>
        <p class="soft">${msg('No connections yet')}</p>
      </section>
    </slot>`;
  }

  #count(amount: number): string {
    const all = this.#source.store.lines.size;
    return amount === all ? connectionCount(all) : matchWords(amount, all);
  }

  #announce(): void {
    this.announced = this.#count(amountOf(sectionsOf(this.#source.store.lines.values(), this.#order)));
  }

  /** The list is drawn anew only where rows come, go or move; else only the rows that changed. */
  #take({ lines, isMoved }: FleetChange): void {
    if (isMoved || !this.#source.isKnown || !this.hasUpdated) this.requestUpdate();
    else for (const line of lines) this.#show(line);
    send(this, 'signalbox-fleet-change', {});
  }

  #show(line: FleetLine): void {
    const row = this.shadowRoot?.getElementById(`row-${line.connection.id}`) as FleetRow | null;
    if (row) row.line = line;
  }

  readonly #choose = ({ filter, ...order }: Partial<Order>): void => {
    if (filter !== undefined) this.filter = filter;
    if (Object.keys(order).length > 0) this.order = { ...this.order, ...order };
  };

  readonly #clear = (): void => {
    this.filter = '';
    this.order = { ...this.order, group: null };
    void this.updateComplete.then(() => this.shadowRoot?.querySelector<HTMLElement>('.search')?.focus());
  };

  readonly #retry = ({ detail }: RowEventMap['fleet-retry']): void => {
    void this.#source.retry(detail.connection, detail.operation);
  };

  readonly #open = (event: RowEventMap['fleet-open']): void => {
    if (!send(this, 'signalbox-open', event.detail, true)) event.preventDefault();
  };

  /** Up and down from name to name; the tab key goes on from there. */
  #walk(event: KeyboardEvent): void {
    const row = this.shadowRoot?.activeElement?.closest('signalbox-fleet-row');
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = [...this.renderRoot.querySelectorAll('signalbox-fleet-row')];
    const at = rows.indexOf(row);
    const next = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-fleet': SignalboxFleet;
  }
}
