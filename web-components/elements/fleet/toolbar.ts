/** What stands above the rows: which of them, in which order. */
import { html, nothing, type TemplateResult } from 'lit';
import { msg, number } from '../../localisation/door.js';
import { type Group, groups } from '../connection/standing.js';
import { type Order, type Sorting, sortings } from './order.js';
import { groupTitle, sortingTitle } from './words.js';

export interface Toolbar {
  order: Order;
  counts: Readonly<Record<Group, number>>;
  total: number;
  change(order: Partial<Order>): void;
}

/** Each way round that the other one was not: names from A, the last operation from the newest. */
export function turned(order: Order, sorting: Sorting): Partial<Order> {
  return { sorting, isDescending: order.sorting === sorting ? !order.isDescending : sorting === 'last' };
}

function chip({ order, change }: Toolbar, group: Group | null, amount: number): TemplateResult | typeof nothing {
  const isChosen = order.group === group;
  if (amount === 0 && !isChosen) return nothing;
  return html`<button
    type="button"
    class="btn"
    aria-pressed=${isChosen ? 'true' : 'false'}
    @click=${() => change({ group })}
  >
    ${group ? groupTitle(group) : msg('All')} ${number(amount)}
  </button>`;
}

export function toolbar(bar: Toolbar): TemplateResult {
  const { order, counts, total, change } = bar;
  const type = (event: Event): void => change({ filter: (event.target as HTMLInputElement).value });
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || order.filter === '') return;
    event.preventDefault();
    change({ filter: '' });
  };
  return html`<div class="tools">
    <div class="chips" role="group" aria-label=${msg('Which connections')}>
      ${chip(bar, null, total)} ${groups.map((group) => chip(bar, group, counts[group]))}
    </div>
    ${sortingField(bar)}
    <input
      class="search"
      part="filter"
      type="search"
      autocomplete="off"
      spellcheck="false"
      aria-label=${msg('Filter by name, host, platform or state')}
      placeholder=${msg('Name, host, platform, state')}
      .value=${order.filter}
      @input=${type}
      @keydown=${key}
    />
  </div>`;
}

/** Where columns are dropped, so are their headers: the same as a field. */
function sortingField({ order, change }: Toolbar): TemplateResult {
  const choose = (event: Event): void => {
    const sorting = (event.target as HTMLSelectElement).value as Sorting;
    change({ sorting, isDescending: sorting === 'last' });
  };
  return html`<label class="sorting"
    >${msg('Sort by')}
    <select @change=${choose}>
      ${sortings.map(
        (sorting) =>
          html`<option value=${sorting} .selected=${order.sorting === sorting}>${sortingTitle(sorting)}</option>`,
      )}
    </select></label
  >`;
}

function header({ order, change }: Toolbar, sorting: Sorting, column: string): TemplateResult {
  const direction = order.isDescending ? 'descending' : 'ascending';
  const isSorted = order.sorting === sorting;
  const title = sortingTitle(sorting);
  return html`<span class=${column} role="columnheader" aria-sort=${isSorted ? direction : 'none'}
    ><button type="button" class="sort" @click=${() => change(turned(order, sorting))}>
      ${title}<span class="arrow" aria-hidden="true">${isSorted ? (order.isDescending ? '↓' : '↑') : nothing}</span>
    </button></span
  >`;
}

export function headerRow(bar: Toolbar): TemplateResult {
  return html`<div class="head" role="row">
    <span class="c-lamp" role="columnheader"><span class="vh">${msg('Lamp')}</span></span>
    ${header(bar, 'name', 'c-name')}
    <span class="c-plat" role="columnheader">${msg('Platform')}</span>
    ${header(bar, 'state', 'c-now')}
    <span class="c-cert" role="columnheader">${msg('Certificate ends in')}</span>
    ${header(bar, 'last', 'c-last')}
    <span class="c-act" role="columnheader"><span class="vh">${msg('Actions')}</span></span>
  </div>`;
}
