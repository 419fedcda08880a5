import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';

/** How each wing is loaded: its file defines its elements. */
export type Doors<W extends string> = Readonly<Record<W, () => Promise<unknown>>>;

/** Shows what belongs to a wing: until its file has come, its tags stand there empty. */
export class Wings<W extends string> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #doors: Doors<W>;
  readonly #states = new Map<W, 'coming' | 'there' | 'missing'>();

  constructor(host: ReactiveControllerHost, doors: Doors<W>) {
    this.#host = host;
    this.#doors = doors;
    host.addController(this);
  }

  hostConnected(): void {
    // Nothing: a wing is asked for when something of it is to be shown.
  }

  /** `waiting` stands in front of the content until the wing is there. */
  show(wing: W, content: TemplateResult, waiting: TemplateResult | typeof nothing = nothing): TemplateResult {
    this.ready(wing);
    const state = this.#states.get(wing);
    if (state === 'missing') return this.#missing();
    return html`${state === 'there' ? nothing : waiting}${content}`;
  }

  /** Loads it, if that has not been done: what is likely to be wanted next. */
  ready(wing: W): void {
    if (!this.#states.has(wing)) void this.#load(wing);
  }

  async #load(wing: W): Promise<void> {
    this.#states.set(wing, 'coming');
    try {
      await this.#doors[wing]();
      this.#states.set(wing, 'there');
    } catch {
      this.#states.set(wing, 'missing');
    }
    this.#host.requestUpdate();
  }

  #missing(): TemplateResult {
    return html`<p class="notice caution" role="status">
      This part of the page could not be loaded; the server may be newer than the page.
      <button type="button" class="btn" @click=${() => location.reload()}>Load the page again</button>
    </p>`;
  }
}
