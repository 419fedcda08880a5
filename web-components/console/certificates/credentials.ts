import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { DnsCredential, PublishedDnsProvider } from '../../../server/dns/contract.js';
import type { JsonObject } from '../../../server/operations/contract.js';
import type { Problem } from '../../client/contract.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { field } from '../field.js';
import { Loaded } from '../loaded.js';
import { missing } from '../pages/missing.js';
import { credentialFields, credentialFrom } from './credential-form.js';
import { questionDialog } from './question.js';
import { fieldErrors, refusalNotice } from '../refusal.js';

const path = '/dns-credentials';

/** What lets Signalbox write challenge records into DNS zones; for admins. */
export class DnsCredentialsPage extends ConsoleElement {
  /** The one in the form: null for none, 'new' for a new one. */
  @state() private edited: DnsCredential | 'new' | null = null;
  /** The one that is tried, or was. */
  @state() private checked: DnsCredential | null = null;
  @state() private checking = false;
  @state() private provider = '';
  @state() private refused: Problem | null = null;
  @state() private said = '';
  readonly #list = new Loaded<{ dnsCredentials: DnsCredential[] }>(this, () => path);
  readonly #providers = new Loaded<{ dnsProviders: PublishedDnsProvider[] }>(this, () => '/dns-providers');

  override render(): TemplateResult {
    const problem = this.#list.problem ?? this.#providers.problem;
    const [list, providers] = [this.#list.value?.dnsCredentials, this.#providers.value?.dnsProviders];
    if (problem?.status === 403) return missing('This page is for admins.');
    if (!list || !providers)
      return html`<p class="soft" role="status">${problem ? problemSentence(problem) : 'Reading…'}</p>`;
    return html`<div class="narrow">
      <div class="head"><h1>DNS credentials</h1></div>
      <div class="stack">
        <p class="soft">They let Signalbox set the TXT records that prove names by dns-01.</p>
        ${list.length > 0 ? this.#lines(list) : html`<p class="panel body soft">No DNS credentials yet.</p>`}
        <p class="sm soft" role="status">${this.checked ? '' : this.said}</p>
        ${
          this.edited
            ? this.#form(this.edited === 'new' ? null : this.edited, providers)
            : html`<div>
                  <button type="button" class="btn" name="add" @click=${this.#add}>Add a DNS credential…</button>
                </div>
                ${this.checked ? nothing : this.#refusal()}`
        }
      </div>
      ${this.#checkDialog()}
    </div>`;
  }

  #lines(list: readonly DnsCredential[]): TemplateResult {
    return html`<section class="panel clip">
      <ul class="users">
        ${list.map((credential) => this.#line(credential))}
      </ul>
    </section>`;
  }

  #line(credential: DnsCredential): TemplateResult {
    const { name, provider, usedBy } = credential;
    const title = this.#providers.value?.dnsProviders.find((one) => one.name === provider)?.title;
    const used = usedBy === 0 ? 'not in use' : `used by ${usedBy === 1 ? 'one connection' : `${usedBy} connections`}`;
    return html`<li>
      <span class="grow">
        <span class="strong">${name}</span>
        <span class="sm soft line">${title ?? `${provider}, which no plugin brings any more`}, ${used}</span>
      </span>
      <button type="button" class="btn quiet" @click=${() => void this.#try(credential)}>
        <span>Check…<span class="vh"> ${name}</span></span>
      </button>
      <button type="button" class="btn quiet" @click=${() => void this.#show(credential)}>
        <span>Edit<span class="vh"> ${name}</span></span>
      </button>
    </li>`;
  }

  #chosen(stored: DnsCredential | null, providers: readonly PublishedDnsProvider[]): PublishedDnsProvider | undefined {
    const wanted = this.provider || stored?.provider;
    // What needs a person each time is no good beginning, whatever the alphabet says.
    const usual = providers.find(({ manual }) => !manual) ?? providers[0];
    return providers.find(({ name }) => name === wanted) ?? usual;
  }

  #form(stored: DnsCredential | null, providers: readonly PublishedDnsProvider[]): TemplateResult {
    const chosen = this.#chosen(stored, providers);
    if (!chosen) return html`<p class="panel body soft">No plugin brings a DNS provider.</p>`;
    const errors = fieldErrors(this.refused);
    return html`<form
        class="panel body stack"
        novalidate
        aria-labelledby="edited"
        @change=${this.#choose}
        @submit=${(event: SubmitEvent) => this.#submit(event, chosen)}
      >
        <h2 id="edited" tabindex="-1">${stored ? `Edit ${stored.name}` : 'Add a DNS credential'}</h2>
        ${credentialFields({ stored, providers, chosen, errors })} ${this.#refusal()}
        <div class="row">
          <button class="btn primary">${stored ? 'Save' : 'Add credential'}</button>
          <button type="button" class="btn" @click=${() => (this.edited = null)}>Not now</button>
          ${
            stored
              ? html`<button type="button" class="btn danger" @click=${() => this.#dialogOf('delete-credential')}>
                  Delete…
                </button>`
              : nothing
          }
        </div>
      </form>
      ${stored ? this.#deleteDialog(stored) : nothing}`;
  }

  #refusal(): TemplateResult {
    return html`<div role="alert">${refusalNotice(this.refused)}</div>`;
  }

  #deleteDialog({ id, name }: DnsCredential): TemplateResult {
    return questionDialog({
      ...{ id: 'delete-credential', title: `Delete ${name}?`, yes: 'Delete', no: 'Keep it' },
      text: 'Its secrets are deleted with it. At the provider nothing is changed.',
      agreed: () => void this.#send('DELETE', `${path}/${id}`, undefined, `${name} is deleted.`),
    });
  }

  /** Stays open while it is tried, and says there how it went. */
  #checkDialog(): TemplateResult {
    const errors = fieldErrors(this.checked ? this.refused : null);
    return html`<dialog id="check-credential" aria-labelledby="check-title" @close=${this.#checkClosed}>
      <form class="stack" novalidate @submit=${this.#check}>
        <h2 id="check-title">Check ${this.checked?.name}</h2>
        ${field({
          ...{ name: 'checkedName', label: 'A name that certificates are wanted for', mono: true },
          hint: 'Its challenge record is set and taken away again. Up to a minute.',
          error: errors['name'],
        })}
        <p class="sm soft" role="status">${this.checking ? 'Checking…' : ''}${this.checked ? this.said : ''}</p>
        ${this.checked ? this.#refusal() : nothing}
        <div class="row">
          <button
            type="button"
            class="btn"
            @click=${() => this.querySelector('dialog[open]')?.closest('dialog')?.close()}
          >
            Close
          </button>
          <button class="btn primary" aria-disabled=${this.checking ? 'true' : nothing}>Check</button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #checkClosed = (): void => {
    this.checked = null;
    this.refused = null;
    this.said = '';
  };

  #dialogOf(id: string): void {
    this.querySelector<HTMLDialogElement>(`#${id}`)?.showModal();
  }

  readonly #add = (): Promise<void> => this.#show('new');

  /** Another one has other fields: what was written for the one before goes with them. */
  async #show(edited: DnsCredential | 'new'): Promise<void> {
    this.refused = null;
    this.said = '';
    this.provider = '';
    this.edited = null;
    await this.updateComplete;
    this.edited = edited;
    await this.updateComplete;
    this.querySelector<HTMLElement>('#edited')?.focus();
  }

  readonly #choose = (event: Event): void => {
    const { name, value } = event.target as HTMLSelectElement;
    if (name === 'provider') this.provider = value;
  };

  async #try(credential: DnsCredential): Promise<void> {
    this.edited = null;
    this.refused = null;
    this.said = '';
    this.checked = credential;
    await this.updateComplete;
    this.#dialogOf('check-credential');
  }

  readonly #check = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { checked } = this;
    const name = new FormData(event.target as HTMLFormElement).get('checkedName');
    if (!checked || this.checking) return;
    this.checking = true;
    this.refused = null;
    this.said = '';
    try {
      await this.#list.client?.request('POST', `${path}/${checked.id}/check`, { name });
      if (this.checked === checked) this.said = `The record of ${String(name)} can be set.`;
    } catch (error) {
      if (this.checked === checked) this.refused = error as Problem;
    }
    this.checking = false;
  };

  #submit(event: SubmitEvent, chosen: PublishedDnsProvider): void {
    event.preventDefault();
    const given = credentialFrom(new FormData(event.target as HTMLFormElement), chosen);
    if (!this.edited || this.edited === 'new') void this.#send('POST', path, given, 'Added. Check it with a name.');
    else void this.#send('PATCH', `${path}/${this.edited.id}`, given, 'Saved. Check it with a name.');
  }

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
