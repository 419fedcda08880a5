import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ConnectionState } from '../client/contract.js';
import { ClientAttachment } from '../elements/client-attachment.js';
import { timeOfDay } from '../elements/durations.js';
import { type Aspect, lamp } from '../elements/lamp/lamp.js';
import { ConsoleElement } from './console-element.js';
import { mark } from './mark.js';
import type { MenuItem } from './menu.js';
import type { Route } from './route.js';
import type { User } from './session/session.js';
import { chooseTheme, initialTheme, type Theme, themes } from './theme.js';
import { Wings } from './wings.js';

const phaseWords: Record<ConnectionState['phase'], [Aspect, string]> = {
  connecting: ['pending', 'Connecting…'],
  live: ['live', 'Live'],
  polling: ['live', 'Live by polling'],
  reconnecting: ['stale', 'Reconnecting…'],
  'signed-out': ['locked', 'Signed out'],
  closed: ['locked', 'Closed'],
};

const settingPages: readonly Route['page'][] = [
  ...(['settings', 'users', 'tokens', 'audit', 'monitoring'] as const),
  ...(['certificate-authorities', 'dns-credentials'] as const),
];

/** The bar of 48 px: where one is, whether what is shown is live, and who one is. */
export class ConsoleBar extends ConsoleElement {
  @property({ attribute: false }) route: Route = { page: 'fleet' };
  @property({ attribute: false }) user: User | null = null;
  @state() private live: ConnectionState = { phase: 'connecting', lastKnownAt: null };
  @state() private theme: Theme = initialTheme();
  readonly #wings = new Wings(this, { search: () => import('./search/elements.js') });

  constructor() {
    super();
    new ClientAttachment(this, (client) => client.onState((live) => (this.live = live)));
  }

  override render(): TemplateResult {
    return html`<header class="bar">
      <a class="brand" href="#/">${mark()} Signalbox</a>
      <nav aria-label="Main">
        ${this.#link('#/', 'Fleet', 'id' in this.route || ['fleet', 'new'].includes(this.route.page))}
        ${this.#link('#/renewals', 'Renewals', this.route.page === 'renewals')}
        ${this.#link(this.user?.role === 'admin' ? '#/settings' : '#/tokens', 'Settings', settingPages.includes(this.route.page))}
      </nav>
      <div class="end">
        ${this.#wings.show('search', html`<console-search .user=${this.user}></console-search>`)} ${this.#state()}
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

  #link(href: string, text: string, current: boolean): TemplateResult {
    return html`<a href=${href} aria-current=${current ? 'page' : nothing}>${text}</a>`;
  }

  #state(): TemplateResult {
    const [aspect, words] = phaseWords[this.live.phase];
    const { phase, lastKnownAt } = this.live;
    const known = phase === 'reconnecting' && lastKnownAt !== null ? timeOfDay(lastKnownAt) : null;
    return html`<span class="live" role="status">
      ${lamp(aspect)} ${words}${known ? html`<span class="known"> last known at ${known}</span>` : nothing}
    </span>`;
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
