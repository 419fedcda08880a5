import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { pageTicker, type Ticker } from '../controllers/ticker.js';

/** What follows sooner waits: who listens to a page hears more than this one element. */
const quietMs = 10_000;

/**
 * What an element says to people who listen: politely and at most once in ten seconds, the newest of what came meanwhile;
 * a failure at once. Its regions are in the page before they say anything, as screen readers want it.
 */
export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #ticker: Ticker = pageTicker();
  #polite = '';
  #alert = '';
  #waiting: string | null = null;
  #spokeAt = -Infinity;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Whether it has said anything since it was silenced. */
  get hasSpoken(): boolean {
    return this.#polite !== '' || this.#alert !== '';
  }

  say(text: string): void {
    this.#alert = '';
    if (this.#ticker.now() - this.#spokeAt >= quietMs) {
      this.#speak(text);
    } else if (text !== (this.#waiting ?? this.#polite)) {
      this.#waiting = text;
      this.#ticker.add(this.#tick);
    }
  }

  /** A failure: it interrupts, and what waited is old. */
  alert(text: string): void {
    this.#rest();
    this.#alert = text;
    this.#host.requestUpdate();
  }

  /** The element shows something else now. */
  silence(): void {
    this.#rest();
    this.#polite = '';
    this.#alert = '';
  }

  hostDisconnected(): void {
    this.#rest();
  }

  /** To be drawn in every state of the host. */
  regions(): TemplateResult {
    return html`<span class="vh" role="status">${this.#polite}</span
      ><span class="vh" role="alert">${this.#alert}</span>`;
  }

  #speak(text: string): void {
    this.#rest();
    this.#polite = text;
    this.#spokeAt = this.#ticker.now();
    this.#host.requestUpdate();
  }

  #rest(): void {
    this.#waiting = null;
    this.#ticker.remove(this.#tick);
  }

  readonly #tick = (): void => {
    if (this.#waiting !== null && this.#ticker.now() - this.#spokeAt >= quietMs) this.#speak(this.#waiting);
  };
}
