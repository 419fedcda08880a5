import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { EmbedToken } from '../../../server/embed/contract.js';
import type { Problem } from '../../client/contract.js';
import { ClockController } from '../../controllers/index.js';
import { clock } from '../../elements/durations.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import { reading } from '../reading.js';
import type { User } from '../session/session.js';
import { type MadeToken, tokenForm, tokenFrom } from '../settings/token-form.js';
import { refusalNotice } from '../refusal.js';

const PATH = '/auth/embed-tokens';
/** Portals make them all the time. */
const LOOK_AGAIN_MS = 10_000;

/** The tokens that widgets in portals use: one's own living ones, and one for trying. */
export class TokensPage extends ConsoleElement {
  @property({ attribute: false }) user: User | null = null;
  @state() private refused: Problem | null = null;
  @state() private made: MadeToken | null = null;
  readonly #tokens = new Loaded<{ tokens: EmbedToken[] }>(this, () => PATH, LOOK_AGAIN_MS);
  readonly #connections = new Loaded<{ connections: Connection[] }>(this, () => '/connections');
  readonly #clock = new ClockController(this);

  override render(): TemplateResult {
    const [tokens, connections] = [this.#tokens.value, this.#connections.value];
    return html`<div class="narrow">
      <div class="head"><h1>Tokens</h1></div>
      <div class="stack">
        <p class="soft">
          A token lets the elements in a portal see and start what you allow, for a few minutes and never more than you
          may. A portal’s backend makes one for each of its users; one made here is for trying.
        </p>
        ${
          tokens && connections
            ? html`${this.#list(tokens.tokens, connections.connections)} ${this.#shown()}
                <div role="alert">${refusalNotice(this.refused)}</div>
                ${this.#form(connections.connections)}`
            : reading(tokens ? this.#connections : this.#tokens, 'Reading the tokens…')
        }
      </div>
    </div>`;
  }

  #list(tokens: readonly EmbedToken[], connections: readonly Connection[]): TemplateResult {
    const now = tokens.length > 0 ? this.#clock.now : 0;
    const living = tokens.filter(({ expiresAt }) => Date.parse(expiresAt) > now);
    if (living.length === 0) return html`<p class="panel body soft">No token of yours is alive.</p>`;
    const names = new Map(connections.map(({ id, name }) => [id, name]));
    return html`<section class="panel clip" aria-label="Your living tokens">
      <ul class="users">
        ${living.map((token) => this.#line(token, names, now))}
      </ul>
    </section>`;
  }

  #line(token: EmbedToken, names: ReadonlyMap<number, string>, now: number): TemplateResult {
    const about = token.connections.map((id) => names.get(id) ?? `connection ${id}`).join(', ');
    const types = token.operations ? `, ${token.operations.join(', ')} only` : '';
    return html`<li>
      <span class="grow">
        <span class="strong">${about}</span>
        <span class="sm soft line">may ${token.actions.join(', ')}${types}</span>
        ${token.origins.length ? html`<span class="sm soft line mono">${token.origins.join(' ')}</span>` : nothing}
      </span>
      <span class="muted sm">ends in ${clock(Date.parse(token.expiresAt) - now)}</span>
      <button type="button" class="btn quiet" @click=${() => void this.#revoke(token.id)}>
        <span>Revoke<span class="vh"> the token for ${about}</span></span>
      </button>
    </li>`;
  }

  /** The one that was just made; it is shown this once and nowhere kept. */
  #shown(): TemplateResult | typeof nothing {
    if (!this.made) return nothing;
    return html`<section class="panel" aria-labelledby="made" tabindex="-1">
      <header>
        <h2 id="made">Your new token</h2>
        <console-copy class="end" .text=${this.made.token} .label=${'Copy token'}></console-copy>
      </header>
      <div class="body stack">
        <p class="print mono">${this.made.token}</p>
        <p class="sm soft">It is shown this once. Give it to an element’s fetchToken, or send it as a bearer token.</p>
      </div>
    </section>`;
  }

  #form(connections: readonly Connection[]): TemplateResult {
    if (connections.length === 0)
      return html`<p class="soft">A token is for connections. <a href="#/connections/new">Add one</a> first.</p>`;
    return tokenForm({ connections, viewer: this.user?.role === 'viewer', refused: this.refused, submit: this.#make });
  }

  readonly #make = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#send('POST', PATH, tokenFrom(new FormData(event.target as HTMLFormElement)));
  };

  async #revoke(id: string): Promise<void> {
    if (this.made?.id === id) this.made = null;
    await this.#send('DELETE', `${PATH}/${encodeURIComponent(id)}`);
  }

  async #send(method: string, path: string, body?: unknown): Promise<void> {
    this.refused = null;
    try {
      const answer = await this.#tokens.client?.request<MadeToken | null>(method, path, body);
      if (method === 'POST' && answer) this.made = answer;
    } catch (error) {
      this.refused = error as Problem;
    }
    await this.#tokens.reload();
    if (method === 'POST' && !this.refused) await this.#goToMade();
  }

  async #goToMade(): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>('[aria-labelledby=made]')?.focus();
  }
}
