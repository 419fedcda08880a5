import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';

/** The certificates' elements are loaded when a page first shows one: until then its tag stands there, empty. */
export class CertificateWing implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #asked = false;
  #failed = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    // Nothing: it is asked for when something is to be shown.
  }

  show(content: TemplateResult): TemplateResult {
    if (!this.#asked) void this.#load();
    if (!this.#failed) return content;
    return html`<p class="notice caution" role="status">
      This part of the page could not be loaded; the server may be newer than the page.
      <button type="button" class="btn" @click=${() => location.reload()}>Load the page again</button>
    </p>`;
  }

  async #load(): Promise<void> {
    this.#asked = true;
    try {
      await import('./certificates/elements.js');
    } catch {
      this.#failed = true;
      this.#host.requestUpdate();
    }
  }
}
