import { html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import type { User } from '../session/session.js';
import { type Place, placesFor } from './places.js';

const writes = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * One field that leads to connections and pages: a combobox with a list, as WAI-ARIA describes it. “/” and Ctrl K go to it;
 * arrows choose, Enter goes there, Escape closes the list and then empties the field.
 */
export class ConsoleSearch extends ConsoleElement {
  @property({ attribute: false }) user: User | null = null;
  @state() private text = '';
  @state() private open = false;
  /** Which place is chosen by the arrows. */
  @state() private at = 0;
  @state() private wanted = false;
  @query('input') private input!: HTMLInputElement;
  readonly #connections = new Loaded<{ connections: Connection[] }>(this, () => (this.wanted ? '/connections' : null));

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#shortcut);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#shortcut);
  }

  override render(): TemplateResult {
    const places = this.#places;
    const shown = this.open && this.text.trim() !== '';
    return html`<div class="search" role="search" aria-label="Signalbox" @focusout=${this.#left}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path
          d="M11 11l4 4M12.5 7a5.5 5.5 0 1 1-11 0a5.5 5.5 0 0 1 11 0"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
        />
      </svg>
      <input
        type="text"
        role="combobox"
        aria-label="Find a connection or page"
        aria-expanded=${shown && places.length > 0 ? 'true' : 'false'}
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant=${shown && places[this.at] ? `found-${this.at}` : nothing}
        placeholder="Find"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        .value=${this.text}
        @focus=${this.#entered}
        @input=${this.#typed}
        @keydown=${this.#key}
      />
      <kbd aria-hidden="true">/</kbd>
      <ul id="found" role="listbox" aria-label="Found" ?hidden=${!shown || places.length === 0}>
        ${shown ? places.map((place, index) => this.#option(place, index)) : nothing}
      </ul>
      <p class="none sm soft" role="status">${shown && places.length === 0 ? this.#nothing() : nothing}</p>
    </div>`;
  }

  get #places(): Place[] {
    return placesFor(this.text, this.user, this.#connections.value?.connections ?? []);
  }

  #nothing(): string {
    return this.#connections.value || this.#connections.problem
      ? `Nothing is called “${this.text.trim()}”.`
      : 'Looking…';
  }

  #option({ title, about, href }: Place, index: number): TemplateResult {
    return html`<li
      id="found-${index}"
      role="option"
      aria-selected=${index === this.at ? 'true' : 'false'}
      @pointerdown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#go(href)}
    >
      <span>${title}</span> <span class="muted sm">${about}</span>
    </li>`;
  }

  #go(href: string): void {
    this.text = '';
    this.open = false;
    this.input.blur();
    location.hash = href;
  }

  readonly #entered = (): void => {
    // What was added since is found as well.
    if (this.wanted) void this.#connections.reload();
    this.wanted = true;
    this.open = true;
  };

  readonly #typed = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value;
    this.open = true;
    this.at = 0;
  };

  readonly #left = (event: FocusEvent): void => {
    if (!this.contains(event.relatedTarget as Node | null)) this.open = false;
  };

  readonly #key = (event: KeyboardEvent): void => {
    const count = this.#places.length;
    const moves: Record<string, () => void> = {
      ArrowDown: () => this.#move((this.at + 1) % Math.max(1, count)),
      ArrowUp: () => this.#move((this.at - 1 + count) % Math.max(1, count)),
      Enter: () => this.#choose(),
      Escape: () => this.#escape(),
    };
    const move = moves[event.key];
    if (!move || event.isComposing) return;
    event.preventDefault();
    move();
  };

  #move(at: number): void {
    this.open = true;
    this.at = at;
  }

  #choose(): void {
    const place = this.open ? this.#places[this.at] : undefined;
    if (place) this.#go(place.href);
  }

  #escape(): void {
    if (this.open && this.text !== '') this.open = false;
    else this.text = '';
  }

  readonly #shortcut = (event: KeyboardEvent): void => {
    const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey;
    const control = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    if (!control && (!slash || writes(event.composedPath()[0]))) return;
    if (document.querySelector('dialog:modal')) return;
    event.preventDefault();
    this.input.focus();
    this.input.select();
  };
}
