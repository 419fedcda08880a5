import { html, nothing, svg, type TemplateResult } from 'lit';
import { msg } from '../../localisation/door.js';
import type { Finder } from './finder.js';
import { matchSentence } from './sentences.js';

const lens = svg`<circle cx="7" cy="7" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/>
  <path d="M10.5 10.5L14 14" stroke="currentColor" stroke-width="1.5"/>`;
const up = svg`<path d="M3.5 10L8 5.5l4.5 4.5" fill="none" stroke="currentColor" stroke-width="1.75"/>`;
const down = svg`<path d="M3.5 6L8 10.5l4.5-4.5" fill="none" stroke="currentColor" stroke-width="1.75"/>`;

const icon = (shape: unknown): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;

/** What the tools can do; the element does it. */
export interface Actions {
  find(query: string): void;
  go(steps: 1 | -1): void;
  /** Out of the search, back to the lines. */
  leave(): void;
  wrap(): void;
  copy(): void;
  download(): void;
}

/** Where one stands among the matches, and the way to the next. */
function places(finder: Finder, actions: Actions): TemplateResult {
  const isBarred = finder.count === 0;
  return html`<span id="matches" class="matches"
      >${matchSentence(finder.isSearching, finder.count, finder.current)}</span
    >
    <button
      type="button"
      class="btn quiet square"
      aria-label=${msg('Previous match')}
      ?disabled=${isBarred}
      @click=${() => actions.go(-1)}
    >
      ${icon(up)}
    </button>
    <button
      type="button"
      class="btn quiet square"
      aria-label=${msg('Next match')}
      ?disabled=${isBarred}
      @click=${() => actions.go(1)}
    >
      ${icon(down)}
    </button>`;
}

function keyed(event: KeyboardEvent, finder: Finder, actions: Actions): void {
  if (event.isComposing) return;
  if (event.key === 'Enter') actions.go(event.shiftKey ? -1 : 1);
  else if (event.key === 'Escape' && finder.query !== '') actions.leave();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function search(finder: Finder, actions: Actions): TemplateResult {
  const isAsked = finder.query !== '';
  return html`<div class="search" role="search">
    <label class="field">
      ${icon(lens)}
      <input
        type="text"
        inputmode="search"
        enterkeyhint="search"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        part="search"
        placeholder=${msg('Search output')}
        aria-label=${msg('Search output')}
        aria-describedby=${isAsked ? 'matches' : nothing}
        .value=${finder.query}
        @input=${(event: InputEvent) => actions.find((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => keyed(event, finder, actions)}
      />
    </label>
    ${isAsked ? places(finder, actions) : nothing}
  </div>`;
}

/** What one can do with the output. */
export function tools(finder: Finder, isWrapped: boolean, actions: Actions): TemplateResult {
  return html`${search(finder, actions)}
    <div class="row tight">
      <button
        type="button"
        class="btn quiet toggle"
        aria-pressed=${isWrapped ? 'true' : 'false'}
        @click=${() => actions.wrap()}
      >
        ${msg('Wrap')}
      </button>
      <button type="button" class="btn quiet" @click=${() => actions.copy()}>${msg('Copy')}</button>
      <button type="button" class="btn quiet" @click=${() => actions.download()}>${msg('Download')}</button>
    </div>`;
}
