import { type ReactiveController, type ReactiveControllerHost, type ReactiveElement, type TemplateResult } from 'lit';
import type { LargeParts } from './large.js';

type Form = Pick<typeof import('./large.js'), 'panel' | 'styles'>;

/** Brings the large form when its host is to show it: most pages have none, and those that have one load it beside the data. */
export class LargeForm implements ReactiveController {
  /** Settled when the form is there, or is known not to come for now. */
  coming: Promise<void> | null = null;
  readonly #host: ReactiveControllerHost & ReactiveElement;
  #form: Form | null = null;

  constructor(host: ReactiveControllerHost & ReactiveElement) {
    this.#host = host;
    host.addController(this);
  }

  /** A form that could not be loaded is asked for again when the host comes back into the page. */
  hostDisconnected(): void {
    if (!this.#form) this.coming = null;
  }

  /** Asks for it, once. */
  want(): void {
    this.coming ??= this.#load();
  }

  /** The panel; null while it is on its way: nothing is drawn that would have to make room for it. */
  show(parts: LargeParts): TemplateResult | null {
    return this.#form?.panel(parts) ?? null;
  }

  /** Without it the small form says the same in fewer words. */
  isMissing = false;

  async #load(): Promise<void> {
    try {
      const form = await import('./large.js');
      this.#adopt(form.styles);
      this.#form = form;
      this.isMissing = false;
    } catch (error) {
      this.isMissing = true;
      console.warn('The large form of <signalbox-progress> could not be loaded.', error);
    }
    this.#host.requestUpdate();
  }

  #adopt(styles: Form['styles']): void {
    const root = this.#host.shadowRoot;
    const sheets = styles.flatMap(({ styleSheet }) => styleSheet ?? []);
    if (root) root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
  }
}
