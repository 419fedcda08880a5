import { css, html, LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { ConnectionState, FetchToken, Phase, SignalboxClient } from '../../client/contract.js';
import { sharedClient } from '../../client/index.js';
import { clientContext } from '../../context/client-context.js';
import { ContextProvider } from '../../context/context.js';
import { send } from '../events.js';
import { LanguageChoice } from './language-choice.js';

/**
 * Gives the elements inside it their client: one socket a page for each server and user, however many elements and providers.
 *
 * @element signalbox-provider
 * @slot - The page's own markup with the elements in it.
 * @fires signalbox-auth-required - There is no valid token.
 * @fires signalbox-connection-state - Live, polling, reconnecting, …
 */
export class SignalboxProvider extends LitElement {
  static override properties: PropertyDeclarations = {
    url: {},
    fetchToken: { attribute: false },
    user: {},
    client: { attribute: false },
    locale: {},
  };
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  /** The server's address; the page's own where it is missing. */
  url = '';
  /** Gives a token when one is needed. It is kept in memory only. */
  fetchToken: FetchToken | null = null;
  /** Where the tokens of one page are of several users: a word for each, so that none sees what is another's. */
  user = '';
  /** A client of the page's own making, instead of `url`, `fetchToken` and `user`. */
  client: SignalboxClient | null = null;

  /** The language, “de” or “de-AT”; where it is missing the page's own `lang`, and English for one that we don't speak. */
  locale = '';

  readonly #clients = new ContextProvider(this, { context: clientContext });
  #used: SignalboxClient | null = null;
  #owned: SignalboxClient | null = null;
  #unbind: (() => void) | null = null;
  #phase: Phase | null = null;

  constructor() {
    super();
    new LanguageChoice(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  /** Asks for a token anew and connects: after the page has signed its user in or out. */
  reauthenticate(): void {
    this.#used?.reauthenticate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = (['client', 'url', 'fetchToken', 'user'] as const).some((name) => changed.has(name));
    if (!this.hasUpdated || isOther) this.#open();
  }

  override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  #open(): void {
    this.#close();
    const client = this.client ?? this.#share();
    if (!client) return;
    this.#used = client;
    this.#clients.setValue(client);
    this.#unbind = client.onState((state) => this.#tell(state));
  }

  #share(): SignalboxClient | null {
    const { url, fetchToken, user } = this;
    if (!fetchToken) return null;
    this.#owned = sharedClient({ url: url || location.origin, fetchToken, user });
    return this.#owned;
  }

  #close(): void {
    this.#unbind?.();
    this.#unbind = null;
    this.#used = null;
    this.#owned?.close();
    this.#owned = null;
    this.#phase = null;
  }

  #tell(state: ConnectionState): void {
    if (state.phase === this.#phase) return;
    this.#phase = state.phase;
    send(this, 'signalbox-connection-state', state);
    if (state.phase === 'signed-out') send(this, 'signalbox-auth-required', {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-provider': SignalboxProvider;
  }
}
