import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ConsoleElement } from './console-element.js';

export interface MenuItem {
  label: string;
  run(): void;
}

/** A button that opens a few more; Escape, a choice or leaving it closes it. */
export class ConsoleMenu extends ConsoleElement {
  @property() label = '';
  /** What a screen reader hears instead of the label. */
  @property() name = '';
  @property({ attribute: false }) items: readonly MenuItem[] = [];

  override render(): TemplateResult {
    return html`<details @focusout=${this.#left} @keydown=${this.#key}>
      <summary class="btn quiet" aria-label=${this.name || this.label}>
        ${this.label} <span aria-hidden="true">▾</span>
      </summary>
      <div class="sheet">
        ${this.items.map(
          (item) =>
            html`<button type="button" class="btn quiet" @click=${() => this.#choose(item)}>${item.label}</button>`,
        )}
      </div>
    </details>`;
  }

  get #details(): HTMLDetailsElement | null {
    return this.querySelector('details');
  }

  #choose(item: MenuItem): void {
    this.#close();
    item.run();
  }

  #close(): void {
    if (this.#details) this.#details.open = false;
  }

  readonly #left = (event: FocusEvent): void => {
    if (!this.contains(event.relatedTarget as Node | null)) this.#close();
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#details?.open) return;
    this.#close();
    this.querySelector('summary')?.focus();
  };
}
