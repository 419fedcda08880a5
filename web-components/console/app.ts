import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { SignalboxClient } from '../client/contract.js';
import { createClient } from '../client/index.js';
import { ConsoleElement } from './console-element.js';
import { doors } from './doors.js';
import { EndNotices } from './end-notices.js';
import { RouteController } from './route.js';
import { Session, type User } from './session/session.js';
import { shownPage } from './shown-page.js';
import { windowTitle } from './titles.js';
import { Wings } from './wings.js';

/** The console: sign-in, or the bar and the page that the address names. */
export class ConsoleApp extends ConsoleElement {
  /** A client of the page's own making, with its user; without it people sign in. */
  @property({ attribute: false }) client: SignalboxClient | null = null;
  @property({ attribute: false }) user: User | null = null;
  @state() private reason = '';
  /** What the page is about, as it has said itself. */
  @state() private about = '';

  @state() private isPasswordAsked = false;

  readonly #session = new Session();
  readonly #wings = new Wings(this, doors);
  readonly #notices = new EndNotices(() => this.#used);
  #own: SignalboxClient | null = null;
  readonly #address = new RouteController(this, () => void this.#arrive());

  override connectedCallback(): void {
    super.connectedCallback();
    this.user ??= this.#session.signed?.user ?? null;
  }

  override render(): TemplateResult {
    if (!this.user) {
      return html`<console-sign-in
        .session=${this.#session}
        .reason=${this.reason}
        @signed-in=${this.#signedIn}
      ></console-sign-in>`;
    }
    return html`<signalbox-provider .client=${this.#used} @signalbox-auth-required=${this.#ended}>
      <a class="skip btn" href="#main" @click=${this.#skip}>Skip to the content</a>
      <console-bar
        .route=${this.#address.route}
        .user=${this.user}
        @sign-out=${this.#signOut}
        @change-password=${this.#askPassword}
      ></console-bar>
      <main id="main" tabindex="-1" @page-named=${this.#named} @change-password=${this.#askPassword}>
        <console-outage></console-outage>
        ${this.#page(this.user)}
      </main>
      ${this.isPasswordAsked ? this.#password(this.user) : nothing}
    </signalbox-provider>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    // A part that comes late draws even what has left the page.
    if (!this.isConnected) return;
    document.title = this.user ? windowTitle(this.#address.route, this.about) : 'Sign in · Signalbox';
  }

  #page(user: User): TemplateResult {
    const read = this.#session.text;
    return shownPage(this.#address.route, { user, wings: this.#wings, notices: this.#notices, read });
  }

  #password({ username }: User): TemplateResult {
    return this.#wings.show(
      'password',
      html`<console-password
        .username=${username}
        @password-changed=${this.#passwordChanged}
        @password-closed=${this.#passwordClosed}
      ></console-password>`,
    );
  }

  readonly #askPassword = (): void => void (this.isPasswordAsked = true);

  readonly #passwordClosed = (): void => void (this.isPasswordAsked = false);

  readonly #named = (event: CustomEvent<string>): void => {
    this.about = event.detail;
  };

  /** After a move the new page is read from its start. */
  async #arrive(): Promise<void> {
    this.about = '';
    await this.updateComplete;
    scrollTo(0, 0);
    this.querySelector('main')?.focus({ preventScroll: true });
  }

  readonly #skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector('main')?.focus();
  };

  /** Each session has a client of its own: nothing of one user is left for the next one in this tab. */
  get #used(): SignalboxClient {
    if (this.client) return this.client;
    this.#own ??= createClient({ url: location.origin, fetchToken: this.#session.fetchToken });
    return this.#own;
  }

  #leave(reason: string): void {
    this.#notices.forget();
    this.#own?.close();
    this.#own = null;
    this.reason = reason;
    this.isPasswordAsked = false;
    this.user = null;
  }

  readonly #signedIn = (): void => {
    this.reason = '';
    this.user = this.#session.signed?.user ?? null;
  };

  readonly #ended = (): void => {
    this.#session.forget();
    this.#leave('Your session has ended. Sign in again to go on where you were.');
  };

  readonly #signOut = async (): Promise<void> => {
    await this.#session.signOut();
    this.#leave('');
  };

  readonly #passwordChanged = async (event: CustomEvent<{ password: string }>): Promise<void> => {
    if (!this.user) return;
    try {
      this.user = (await this.#session.signIn(this.user.username, event.detail.password)).user;
      this.#used.reauthenticate();
    } catch {
      this.#ended();
    }
  };
}
