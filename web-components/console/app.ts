import { html, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { SignalboxClient } from '../client/contract.js';
import { createClient } from '../client/index.js';
import { ConsoleElement } from './console-element.js';
import { CertificateWing } from './certificate-wing.js';
import { missing } from './pages/missing.js';
import { type Route, RouteController } from './route.js';
import type { ConsolePassword } from './session/password.js';
import { Session, type User } from './session/session.js';

const titles: Record<Route['page'], string> = {
  fleet: 'Fleet',
  new: 'Add connection',
  connection: 'Connection',
  edit: 'Edit connection',
  certificate: 'Certificate settings',
  users: 'Users',
  'certificate-authorities': 'Certificate authorities',
  'dns-credentials': 'DNS credentials',
  settings: 'Settings',
  missing: 'Nothing here',
};

/** The console: sign-in, or the bar and the page that the address names. */
export class ConsoleApp extends ConsoleElement {
  /** A client of the page's own making, with its user; without it people sign in. */
  @property({ attribute: false }) client: SignalboxClient | null = null;
  @property({ attribute: false }) user: User | null = null;
  @state() private reason = '';

  readonly #session = new Session();
  readonly #wing = new CertificateWing(this);
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
        @change-password=${() => this.querySelector<ConsolePassword>('console-password')?.open()}
      ></console-bar>
      <main id="main" tabindex="-1">${this.#page(this.#address.route, this.user)}</main>
      <console-password .username=${this.user.username} @password-changed=${this.#passwordChanged}></console-password>
    </signalbox-provider>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    document.title = `${this.user ? titles[this.#address.route.page] : 'Sign in'} · Signalbox`;
  }

  #page(route: Route, user: User): TemplateResult {
    switch (route.page) {
      case 'fleet':
        return html`<console-fleet .user=${user}></console-fleet>`;
      case 'new':
        return html`<console-connection-form .connection=${0} .user=${user}></console-connection-form>`;
      case 'edit':
        return html`<console-connection-form .connection=${route.id} .user=${user}></console-connection-form>`;
      case 'connection':
        return html`<console-connection .connection=${route.id} .user=${user}></console-connection>`;
      case 'certificate':
        return this.#wing.show(html`<console-certificate-form .connection=${route.id}></console-certificate-form>`);
      case 'certificate-authorities':
        return this.#wing.show(html`<console-certificate-authorities></console-certificate-authorities>`);
      case 'dns-credentials':
        return this.#wing.show(html`<console-dns-credentials></console-dns-credentials>`);
      case 'users':
        return html`<console-users .user=${user}></console-users>`;
      case 'settings':
        return html`<console-settings .user=${user}></console-settings>`;
      case 'missing':
        return missing('There is no such page.');
    }
  }

  /** After a move the new page is read from its start. */
  async #arrive(): Promise<void> {
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
    this.#own?.close();
    this.#own = null;
    this.reason = reason;
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
