import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { languageOf } from '../../localisation/language-of.js';
import { speak } from '../../localisation/speak.js';

type Host = ReactiveControllerHost & HTMLElement & { locale: string };

/** Speaks the language that its host names, else the page's own; follows both. */
export class LanguageChoice implements ReactiveController {
  readonly #host: Host;
  #observer: MutationObserver | null = null;
  #asked: string | null = null;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new MutationObserver(() => this.hostUpdate());
    this.#observer.observe(document.documentElement, { attributeFilter: ['lang'], subtree: true });
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const asked = this.#host.locale || languageOf(this.#host);
    // Only what changes is said: two providers that disagree would else talk each other down for ever.
    if (asked !== this.#asked) speak(asked);
    this.#asked = asked;
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }
}
