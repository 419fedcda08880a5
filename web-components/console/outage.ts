import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { ConnectionState } from '../client/contract.js';
import { ClientAttachment } from '../elements/client-attachment.js';
import { timeOfDay } from '../elements/durations.js';
import { lamp } from '../elements/lamp/lamp.js';
import { ConsoleElement } from './console-element.js';

/** A server that is restarted is back before that; nobody needs to read of it. */
const WORTH_A_WORD_MS = 5_000;

/** What is wrong while the server cannot be reached, since when, and what still works. */
export class ConsoleOutage extends ConsoleElement {
  @state() private live: ConnectionState | null = null;
  @state() private lasts = false;
  #timer: number | undefined;

  constructor() {
    super();
    new ClientAttachment(this, (client) => client.onState((live) => this.#take(live)));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    return html`<div role="status">${this.lasts && this.live ? this.#notice(this.live) : nothing}</div>`;
  }

  #take(live: ConnectionState): void {
    const out = live.phase === 'reconnecting';
    if (out && this.live?.phase !== 'reconnecting') {
      this.#timer = window.setTimeout(() => (this.lasts = true), WORTH_A_WORD_MS);
    }
    if (!out) {
      window.clearTimeout(this.#timer);
      this.lasts = false;
    }
    this.live = live;
  }

  #notice({ lastKnownAt }: ConnectionState): TemplateResult {
    const since = lastKnownAt === null ? '' : ` since ${timeOfDay(lastKnownAt)}`;
    return html`<p class="notice caution">
      ${lamp('stale')}
      <span>
        <span class="strong">The server has not been reached${since}.</span>
        What you see is from then. Operations that run go on without this page, and it catches up by itself.
      </span>
    </p>`;
  }
}
