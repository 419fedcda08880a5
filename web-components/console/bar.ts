import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ConnectionState } from '../client/contract.js';
import { ClientAttachment } from '../elements/client-attachment.js';
import { type Aspect, lamp } from '../elements/lamp/lamp.js';
import { staleSentence } from '../elements/words.js';
import { ConsoleElement } from './console-element.js';
import { mark } from './mark.js';
import type { MenuItem } from './menu.js';
import type { Route } from './route.js';
import type { User } from './session/session.js';
import { chooseTheme, initialTheme, type Theme, themes } from './theme.js';

const phaseWords: Record<ConnectionState['phase'], [Aspect, string]> = {
  connecting: ['pending', 'Connecting…'],
  live: ['live', 'Live'],
  polling: ['live', 'Live by polling'],
  reconnecting: ['stale', 'Reconnecting…'],
  'signed-out': ['locked', 'Signed out'],
  closed: ['locked', 'Closed'],
};

const adminPages: [page: Route['page'], text: string][] = [
  ['users', 'Users'],
  ['certificate-authorities', 'Authorities'],
  ['dns-credentials', 'DNS'],
  ['settings', 'Settings'],
];

/** The bar of 48 px: where one is, whether what is shown is live, and who one is. */
export class ConsoleBar extends ConsoleElement {
  @property({ attribute: false }) route: Route = { page: 'fleet' };
  @property({ attribute: false }) user: User | null = null;
  @state() private live: ConnectionState = { phase: 'connecting', lastKnownAt: null };
  @state() private theme: Theme = initialTheme();

  constructor() {
    super();
    new ClientAttachment(this, (client) => client.onState((live) => (this.live = live)));
  }

  override render(): TemplateResult {
    return html`<header class="bar">
      <a class="brand" href="#/">${mark()} Signalbox</a>
      <nav aria-label="Main">
        ${this.#link('#/', 'Fleet', 'id' in this.route || ['fleet', 'new'].includes(this.route.page))}
        ${this.user?.role === 'admin' ? this.#adminLinks() : nothing}
      </nav>
      <div class="end">
        ${this.#state()}
        <span class="themes" role="group" aria-label="Theme">${themes.map((theme) => this.#theme(theme))}</span>
        ${
          this.user
            ? html`<console-menu
                class="user"
                .label=${this.user.username}
                .name=${`Your account, ${this.user.username}`}
                .items=${this.#items}
              ></console-menu>`
            : nothing
        }
      </div>
    </header>`;
  }

  readonly #items: readonly MenuItem[] = [
    { label: 'Change password', run: () => this.#tell('change-password') },
    { label: 'Sign out', run: () => this.#tell('sign-out') },
  ];

  #tell(name: 'change-password' | 'sign-out'): void {
    this.dispatchEvent(new CustomEvent(name));
  }

  #adminLinks(): TemplateResult {
    return html`${adminPages.map(([page, text]) => this.#link(`#/${page}`, text, this.route.page === page))}`;
  }

  #link(href: string, text: string, current: boolean): TemplateResult {
    return html`<a href=${href} aria-current=${current ? 'page' : nothing}>${text}</a>`;
  }

  #state(): TemplateResult {
    const [aspect, words] = phaseWords[this.live.phase];
    const text = this.live.phase === 'reconnecting' ? staleSentence(this.live) : words;
    return html`<span class="live" role="status">${lamp(aspect)} ${text}</span>`;
  }

  #theme(theme: Theme): TemplateResult {
    const choose = (): void => {
      this.theme = theme;
      chooseTheme(theme);
    };
    return html`<button type="button" aria-pressed=${theme === this.theme ? 'true' : 'false'} @click=${choose}>
      ${theme.charAt(0).toUpperCase() + theme.slice(1)}
    </button>`;
  }
}
