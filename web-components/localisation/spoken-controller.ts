import { LOCALE_STATUS_EVENT } from '@lit/localize/internal/locale-status-event.js';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { languageOf } from './language-of.js';
import { language } from './page-language.js';

type Host = ReactiveControllerHost & HTMLElement;

const base = (tag: string): string => tag.slice(0, 2).toLowerCase();

/** Draws its host anew in each new language, and marks it for screen readers where the page around it speaks another one. */
class SpokenController implements ReactiveController {
  readonly #host: Host;
  #marked = false;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener(LOCALE_STATUS_EVENT, this);
    this.#mark();
  }

  hostDisconnected(): void {
    window.removeEventListener(LOCALE_STATUS_EVENT, this);
  }

  handleEvent({ detail }: CustomEvent<{ status: string }>): void {
    if (detail.status !== 'ready') return;
    this.#mark();
    this.#host.requestUpdate();
  }

  /** A page that names no language is left as it is, and so is a host that has a `lang` of its own. */
  #mark(): void {
    const host = this.#host;
    if (this.#marked) host.removeAttribute('lang');
    const around = languageOf(host);
    this.#marked = !host.hasAttribute('lang') && around !== '' && base(around) !== base(language());
    if (this.#marked) host.lang = language();
  }
}

/** In the constructor of each element that says something. */
export function updateWhenLocaleChanges(host: Host): void {
  new SpokenController(host);
}
