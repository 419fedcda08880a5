import { html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ConsoleElement } from './console-element.js';

const SAID_FOR_MS = 4_000;

/** Puts a text on the clipboard, and says so; where the browser does not allow that, it says that instead. */
export class CopyButton extends ConsoleElement {
  @property() text = '';
  @property() label = 'Copy';
  @state() private said = '';
  #timer: number | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    return html`<button type="button" class="btn quiet" @click=${this.#copy}>${this.said || this.label}</button
      ><span class="vh" role="status">${this.said}</span>`;
  }

  readonly #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.text);
      this.#say('Copied');
    } catch {
      // Pages that came by plain http have no clipboard.
      this.#say('The browser does not allow it');
    }
  };

  #say(words: string): void {
    this.said = words;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.said = ''), SAID_FOR_MS);
  }
}
