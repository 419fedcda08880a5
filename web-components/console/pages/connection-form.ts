import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { Problem } from '../../client/contract.js';
import { isYes } from '../../elements/button/question.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import type { PlatformChoice } from '../platform.js';
import { fieldErrors, refusalNotice } from '../refusal.js';
import { addressOf } from '../route.js';
import type { User } from '../session/session.js';
import { type Setting, settingsOf } from '../settings/setting.js';
import { type Asked, services, signing, where } from './connection-fields.js';
import { changesOf, payloadOf } from './connection-payload.js';
import { missing } from './missing.js';

/** Adds a connection, or changes one: what it is, where it is, how to sign in, what may be restarted there. */
export class ConnectionFormPage extends ConsoleElement {
  /** The connection's id; 0: a new one. */
  @property({ attribute: false }) connection = 0;
  @property({ attribute: false }) user: User | null = null;
  @state() private refused: Problem | null = null;
  @state() private platform = '';

  readonly #platforms = new Loaded<{ platforms: PlatformChoice[] }>(this, () => '/platforms');
  readonly #stored = new Loaded<Connection>(this, () => (this.connection ? `/connections/${this.connection}` : null));

  override render(): TemplateResult {
    const problem = this.#stored.problem ?? this.#platforms.problem;
    if (problem?.status === 404) return missing('This connection is not there.');
    if (problem) return html`<p class="soft" role="status">${problemSentence(problem)}</p>`;
    const platforms = this.#platforms.value?.platforms;
    if (!platforms || (this.connection && !this.#stored.value)) return html`<p class="soft" role="status">Reading…</p>`;
    return this.#page(platforms, this.#stored.value);
  }

  #page(platforms: readonly PlatformChoice[], stored: Connection | null): TemplateResult {
    const asked: Asked = {
      ...{ platforms, stored, chosen: this.#chosen, settings: this.#settings, locked: this.#locked },
      errors: fieldErrors(this.refused),
    };
    return html`<div class="narrow">
      <div class="head">
        <div>
          <p class="crumb">
            <a href="#/">Fleet</a>${stored ? html` / <a href=${addressOf(stored)}>${stored.name}</a>` : nothing}
          </p>
          <h1>${stored ? `Edit ${stored.name}` : 'Add connection'}</h1>
        </div>
      </div>
      <form class="stack" novalidate @submit=${this.#submit}>
        <section class="panel body stack" @change=${this.#choose}>${where(asked)}</section>
        <section class="panel body stack" aria-labelledby="signing">${signing(asked)}</section>
        ${services(asked)} ${this.#refusal()}
        <div class="row">
          <button class="btn primary">${stored ? 'Save' : 'Add connection'}</button>
          <a class="btn" href=${stored ? addressOf(stored) : '#/'}>Not now</a>
          ${
            stored
              ? html`<button type="button" class="btn danger" @click=${this.#question}>Delete connection…</button>`
              : nothing
          }
        </div>
      </form>
      ${stored ? this.#dialog(stored) : nothing}
    </div>`;
  }

  get #chosen(): PlatformChoice | undefined {
    const platforms = this.#platforms.value?.platforms ?? [];
    const wanted = this.platform || this.#stored.value?.platform;
    const stored = platforms.find(({ name }) => name === wanted);
    // What only an admin can set up is no good beginning, whatever the alphabet says.
    const plain = platforms.find(({ settingsByAdmin, defaultService }) => !settingsByAdmin && defaultService === null);
    return stored ?? plain ?? platforms[0];
  }

  get #settings(): Setting[] {
    return settingsOf(this.#chosen?.settings);
  }

  /** Whether the settings are an admin's, and the user is none. */
  get #locked(): boolean {
    return this.#chosen?.settingsByAdmin === true && this.user?.role !== 'admin';
  }

  #refusal(): TemplateResult {
    return html`<div role="alert">${refusalNotice(this.refused)}</div>`;
  }

  #dialog(stored: Connection): TemplateResult {
    return html`<dialog aria-labelledby="delete-title">
      <form method="dialog" class="stack" @submit=${this.#answered}>
        <h2 id="delete-title">Delete ${stored.name}?</h2>
        <p>Its credentials and its history are deleted with it. The host itself is not touched.</p>
        <div class="row">
          <button class="btn" value="no" autofocus>Keep it</button>
          <button class="btn danger" value="yes">Delete</button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #choose = (event: Event): void => {
    const { name, value } = event.target as HTMLSelectElement;
    if (name === 'platform') this.platform = value;
  };

  readonly #question = (): void => this.querySelector('dialog')?.showModal();

  readonly #answered = (event: SubmitEvent): void => {
    if (isYes(event)) void this.#send('DELETE', `/connections/${this.connection}`, undefined, () => '#/');
  };

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const payload = payloadOf(form, this.#locked ? [] : this.#settings);
    const stored = this.#stored.value;
    if (stored) void this.#send('PATCH', `/connections/${stored.id}`, changesOf(payload, stored), addressOf);
    else void this.#send('POST', '/connections', payload, addressOf);
  };

  async #send(method: string, path: string, body: unknown, next: (connection: Connection) => string): Promise<void> {
    this.refused = null;
    try {
      const answer = await this.#platforms.client?.request<Connection>(method, path, body);
      location.hash = next(answer as Connection);
    } catch (error) {
      this.refused = error as Problem;
      await this.updateComplete;
      this.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }
  }
}
