import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { Problem } from '../../client/contract.js';
import { isYes } from '../../elements/button/question.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { field, fieldErrors, refusalSentence, select } from '../field.js';
import { Loaded } from '../loaded.js';
import { addressOf } from '../route.js';
import { changesOf, payloadOf } from './connection-payload.js';
import { missing } from './missing.js';

interface PlatformChoice {
  name: string;
  title: string;
  defaultPort: number;
}

/** Adds a connection, or changes one: what it is, where it is, how to sign in. */
export class ConnectionFormPage extends ConsoleElement {
  /** The connection's id; 0: a new one. */
  @property({ attribute: false }) connection = 0;
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
        <section class="panel body stack">${this.#where(platforms, stored)}</section>
        <section class="panel body stack" aria-labelledby="signing">${this.#signing(stored)}</section>
        ${this.#refusal()}
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

  #where(platforms: readonly PlatformChoice[], stored: Connection | null): TemplateResult {
    const errors = fieldErrors(this.refused);
    const chosen = platforms.find(({ name }) => name === (this.platform || stored?.platform)) ?? platforms[0];
    const options = platforms.map(({ name, title }) => ({ value: name, label: title }));
    const movedHint = stored?.hostKey ? 'Another host or port clears the pinned host key.' : '';
    return html`${field({ name: 'name', label: 'Name', value: stored?.name ?? '', error: errors['name'], autofocus: !stored })}
      <div @change=${this.#choose}>
        ${select({ name: 'platform', label: 'Platform', error: errors['platform'] }, options, chosen?.name ?? '')}
      </div>
      <div class="pair">
        ${field({
          name: 'hostname',
          label: 'Host',
          value: stored?.hostname ?? '',
          hint: movedHint || 'A name or an IP address.',
          error: errors['hostname'],
          mono: true,
        })}
        ${field({
          name: 'port',
          label: 'Port',
          type: 'number',
          value: String(stored?.port ?? chosen?.defaultPort ?? 22),
          error: errors['port'],
          mono: true,
        })}
      </div>`;
  }

  #signing(stored: Connection | null): TemplateResult {
    const errors = fieldErrors(this.refused);
    const keep = (has: boolean | undefined): string => (has ? 'One is stored. Leave this empty to keep it.' : '');
    return html`<h2 id="signing">Signing in</h2>
      ${field({ name: 'username', label: 'Username', value: stored?.username ?? '', error: errors['username'], mono: true })}
      ${field({
        name: 'password',
        label: 'Password',
        type: 'password',
        autocomplete: 'new-password',
        hint: keep(stored?.hasPassword) || 'Sealed before it is stored; it never comes out again.',
        error: errors['password'],
      })}
      <details ?open=${Boolean(errors['privateKey'] ?? errors['passphrase'])}>
        <summary>Private key${stored?.hasPrivateKey ? ', one is stored' : ''}</summary>
        <div class="stack">
          ${field({
            name: 'privateKey',
            label: 'Private key',
            rows: 6,
            hint: keep(stored?.hasPrivateKey) || 'OpenSSH or PEM, with its first and last line.',
            error: errors['privateKey'],
          })}
          ${field({ name: 'passphrase', label: 'Passphrase of the key', type: 'password', autocomplete: 'off', error: errors['passphrase'] })}
        </div>
      </details>
      <label class="check">
        <input
          type="checkbox"
          name="legacyAlgorithms"
          .checked=${stored?.legacyAlgorithms ?? false}
          aria-describedby="legacy-hint"
        />
        Allow old algorithms
      </label>
      <p class="hint" id="legacy-hint">
        SHA-1, CBC and group1, for appliances that offer nothing better. They can be broken; it is shown wherever it is
        on.
      </p>`;
  }

  #refusal(): TemplateResult {
    return html`<div role="alert">
      ${this.refused ? html`<p class="notice">${lamp('failed')}<span>${refusalSentence(this.refused)}</span></p>` : nothing}
    </div>`;
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
    this.platform = (event.target as HTMLSelectElement).value;
  };

  readonly #question = (): void => this.querySelector('dialog')?.showModal();

  readonly #answered = (event: SubmitEvent): void => {
    if (isYes(event)) void this.#send('DELETE', `/connections/${this.connection}`, undefined, () => '#/');
  };

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const payload = payloadOf(new FormData(event.target as HTMLFormElement));
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
