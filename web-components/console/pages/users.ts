import { html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Problem } from '../../client/contract.js';
import { when } from '../../elements/moments.js';
import { isYes } from '../../elements/button/question.js';
import { ConsoleElement } from '../console-element.js';
import { field, select } from '../field.js';
import { Loaded } from '../loaded.js';
import { reading } from '../reading.js';
import type { Role, User } from '../session/session.js';
import { missing } from './missing.js';
import { fieldErrors, refusalNotice } from '../refusal.js';

interface Account extends User {
  createdAt: string;
}

const roles: { value: Role; label: string }[] = [
  { value: 'viewer', label: 'Viewer: may look' },
  { value: 'operator', label: 'Operator: may look and start' },
  { value: 'admin', label: 'Admin: sees and manages all' },
];

/** Who may sign in, and as what; for admins. */
export class UsersPage extends ConsoleElement {
  @property({ attribute: false }) user: User | null = null;
  @state() private refused: Problem | null = null;
  @state() private chosen: { name: string; what: 'password' | 'remove' } | null = null;
  readonly #users = new Loaded<{ users: Account[] }>(this, () => '/users');

  override render(): TemplateResult {
    const { value, problem } = this.#users;
    if (problem?.status === 403) return missing('This page is for admins.');
    if (!value) return reading(this.#users, 'Reading the users…');
    return html`<div class="narrow">
      <div class="head"><h1>Users</h1></div>
      <div class="stack">
        <section class="panel clip">
          <ul class="users">
            ${value.users.map((account) => this.#account(account))}
          </ul>
        </section>
        ${this.#refusal()} ${this.#form()}
      </div>
      ${this.#dialog()}
    </div>`;
  }

  #account({ username, role, createdAt }: Account): TemplateResult {
    const own = username === this.user?.username;
    return html`<li>
      <span class="grow"
        ><span class="strong">${username}</span>
        <span class="muted sm">since ${when(createdAt, Date.now())}</span></span
      >
      <select
        aria-label="Role of ${username}"
        @change=${(event: Event) => void this.#send('PATCH', username, { role: (event.target as HTMLSelectElement).value })}
      >
        ${roles.map(({ value }) => html`<option value=${value} ?selected=${value === role}>${value}</option>`)}
      </select>
      ${
        own
          ? html`<span class="muted sm you">you</span>`
          : html`<button type="button" class="btn quiet" @click=${() => void this.#choose(username, 'password')}>
                <span>New password<span class="vh"> for ${username}</span></span>
              </button>
              <button type="button" class="btn quiet" @click=${() => void this.#choose(username, 'remove')}>
                <span>Remove<span class="vh"> ${username}</span></span>
              </button>`
      }
    </li>`;
  }

  #refusal(): TemplateResult {
    return html`<div role="alert">${refusalNotice(this.refused)}</div>`;
  }

  #form(): TemplateResult {
    const errors = fieldErrors(this.refused);
    return html`<form class="panel body stack" novalidate aria-labelledby="add-user" @submit=${this.#add}>
      <h2 id="add-user">Add a user</h2>
      ${field({ name: 'username', label: 'Username', error: errors['username'] })}
      ${field({
        name: 'password',
        label: 'Password',
        type: 'password',
        autocomplete: 'new-password',
        hint: 'At least 12 characters.',
        error: errors['password'],
      })}
      ${select({ name: 'role', label: 'Role', error: errors['role'] }, roles, 'operator')}
      <div><button class="btn primary">Add user</button></div>
    </form>`;
  }

  #dialog(): TemplateResult {
    const { name = '', what = 'remove' } = this.chosen ?? {};
    const removes = what === 'remove';
    return html`<dialog aria-labelledby="user-title">
      <form method="dialog" class="stack" @submit=${this.#answered}>
        <h2 id="user-title">${removes ? `Remove ${name}?` : `A new password for ${name}`}</h2>
        ${
          removes
            ? html`<p>The account ends at once, on every device.</p>`
            : field({
                name: 'newPassword',
                label: 'New password',
                type: 'password',
                autocomplete: 'new-password',
                hint: 'At least 12 characters. It signs them out everywhere.',
              })
        }
        <div class="row">
          <button class="btn" value="no" formnovalidate>Not now</button>
          <button class="btn ${removes ? 'danger' : 'primary'}" value="yes">
            ${removes ? 'Remove' : 'Set password'}
          </button>
        </div>
      </form>
    </dialog>`;
  }

  async #choose(name: string, what: 'password' | 'remove'): Promise<void> {
    this.chosen = { name, what };
    await this.updateComplete;
    this.querySelector('dialog')?.showModal();
  }

  readonly #answered = (event: SubmitEvent): void => {
    const { chosen } = this;
    if (!isYes(event) || !chosen) return;
    const form = event.target as HTMLFormElement;
    const password = String(new FormData(form).get('newPassword') ?? '');
    form.reset();
    if (chosen.what === 'remove') void this.#send('DELETE', chosen.name);
    else void this.#send('PATCH', chosen.name, { password });
  };

  readonly #add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const added = await this.#send('POST', null, Object.fromEntries(new FormData(form)));
    if (added) form.reset();
  };

  async #send(method: string, username: string | null, body?: unknown): Promise<boolean> {
    this.refused = null;
    try {
      await this.#users.client?.request(
        method,
        username === null ? '/users' : `/users/${encodeURIComponent(username)}`,
        body,
      );
    } catch (error) {
      this.refused = error as Problem;
    }
    await this.#users.reload();
    return this.refused === null;
  }
}
