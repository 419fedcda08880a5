import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { CertificateAuthority } from '../../../server/authorities/contract.js';
import type { JsonObject } from '../../../server/operations/contract.js';
import type { Problem } from '../../client/contract.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import { missing } from '../pages/missing.js';
import { authorityChange, authorityFields, authorityFrom } from './authority-form.js';
import { questionDialog } from './question.js';
import { fieldErrors, refusalNotice } from '../refusal.js';

const path = '/certificate-authorities';

/** The CAs that certificates can be ordered from; for admins. */
export class AuthoritiesPage extends ConsoleElement {
  /** The one in the form: null for none, 'new' for a new one. */
  @state() private edited: CertificateAuthority | 'new' | null = null;
  @state() private refused: Problem | null = null;
  @state() private said = '';
  readonly #list = new Loaded<{ certificateAuthorities: CertificateAuthority[] }>(this, () => path);

  override render(): TemplateResult {
    const { value, problem } = this.#list;
    if (problem?.status === 403) return missing('This page is for admins.');
    if (!value) return html`<p class="soft" role="status">${problem ? problemSentence(problem) : 'Reading…'}</p>`;
    return html`<div class="narrow">
      <div class="head"><h1>Certificate authorities</h1></div>
      <div class="stack">
        <p class="soft">Whom certificates are ordered from. Connections that choose none take the default one.</p>
        <section class="panel clip">
          <ul class="users">
            ${value.certificateAuthorities.map((authority) => this.#line(authority))}
          </ul>
        </section>
        <p class="sm soft" role="status">${this.said}</p>
        ${
          this.edited
            ? this.#form(this.edited === 'new' ? null : this.edited)
            : html`<div><button type="button" class="btn" name="add" @click=${this.#add}>Add a CA…</button></div>
                ${this.#refusal()}`
        }
      </div>
    </div>`;
  }

  #line(authority: CertificateAuthority): TemplateResult {
    const { name, directoryUrl, isDefault, termsAgreedAt } = authority;
    return html`<li>
      <span class="grow">
        <span class="strong">${name}</span>${isDefault ? html`<span class="muted sm">, the default</span>` : nothing}
        <span class="mono sm soft print line">${directoryUrl}</span>
        ${
          termsAgreedAt
            ? nothing
            : html`<span class="sm t-caution line">${lamp('due')} Nobody has agreed to its terms yet</span>`
        }
      </span>
      <button type="button" class="btn quiet" @click=${() => void this.#edit(authority)}>
        <span>Edit<span class="vh"> ${name}</span></span>
      </button>
    </li>`;
  }

  #form(stored: CertificateAuthority | null): TemplateResult {
    const errors = fieldErrors(this.refused);
    return html`<form class="panel body stack" novalidate aria-labelledby="edited" @submit=${this.#submit}>
        <h2 id="edited" tabindex="-1">${stored ? `Edit ${stored.name}` : 'Add a CA'}</h2>
        ${authorityFields({ stored, errors, now: Date.now() })} ${this.#refusal()}
        <div class="row">
          <button class="btn primary">${stored ? 'Save' : 'Add CA'}</button>
          <button type="button" class="btn" @click=${() => (this.edited = null)}>Not now</button>
          ${
            stored && !stored.builtIn
              ? html`<button type="button" class="btn danger" @click=${this.#ask}>Delete…</button>`
              : nothing
          }
        </div>
      </form>
      ${stored ? this.#dialog(stored) : nothing}`;
  }

  #refusal(): TemplateResult {
    return html`<div role="alert">${refusalNotice(this.refused)}</div>`;
  }

  #dialog({ id, name }: CertificateAuthority): TemplateResult {
    return questionDialog({
      ...{ id: 'delete-authority', title: `Delete ${name}?`, yes: 'Delete', no: 'Keep it' },
      text: 'Its account key is deleted with it, so nothing that it issued can be revoked from here any more.',
      agreed: () => void this.#send('DELETE', `${path}/${id}`, undefined, `${name} is deleted.`),
    });
  }

  readonly #ask = (): void => this.querySelector('dialog')?.showModal();

  readonly #add = (): Promise<void> => this.#show('new');

  /** The one of the list says nothing of its terms: the server asks the CA for them now. */
  async #edit({ id }: CertificateAuthority): Promise<void> {
    this.refused = null;
    try {
      const authority = await this.#list.client?.request<CertificateAuthority>('GET', `${path}/${id}`);
      if (authority) await this.#show(authority);
    } catch (error) {
      this.refused = error as Problem;
    }
  }

  /** Another one has other fields: what was written for the one before goes with them. */
  async #show(edited: CertificateAuthority | 'new'): Promise<void> {
    this.refused = null;
    this.said = '';
    this.edited = null;
    await this.updateComplete;
    this.edited = edited;
    await this.updateComplete;
    this.querySelector<HTMLElement>('#edited')?.focus();
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    if (!this.edited || this.edited === 'new') {
      void this.#send('POST', path, authorityFrom(form, null), 'The CA is added. Edit it to agree to its terms.');
      return;
    }
    const change = authorityChange(authorityFrom(form, this.edited), this.edited);
    if (Object.keys(change).length === 0) this.edited = null;
    else void this.#send('PATCH', `${path}/${this.edited.id}`, change, 'Saved.');
  };

  async #send(method: string, to: string, body: JsonObject | undefined, said: string): Promise<void> {
    this.refused = null;
    this.said = '';
    try {
      await this.#list.client?.request(method, to, body);
      this.edited = null;
      this.said = said;
      await this.#list.reload();
    } catch (error) {
      this.refused = error as Problem;
      await this.updateComplete;
      this.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }
  }
}
