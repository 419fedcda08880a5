import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Problem } from '../../client/contract.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { field } from '../field.js';
import { mark } from '../mark.js';
import type { Session } from './session.js';

/** One column: who are you. Tells `signed-in` when the server has said yes. */
export class ConsoleSignIn extends ConsoleElement {
  @property({ attribute: false }) session!: Session;
  /** Why the page asks, where it is not the first time. */
  @property() reason = '';

  @state() private busy = false;
  @state() private refused: string | null = null;

  override render(): TemplateResult {
    return html`<main class="sign-in">
      <p class="brand">${mark()} Signalbox</p>
      <h1>Sign in</h1>
      ${this.reason ? html`<p class="soft">${this.reason}</p>` : nothing}
      <form class="stack" @submit=${this.#submit}>
        ${field({ name: 'username', label: 'Username', autocomplete: 'username', required: true, autofocus: true })}
        ${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', required: true })}
        <div role="alert">
          ${this.refused ? html`<p class="notice">${lamp('failed')}<span>${this.refused}</span></p>` : nothing}
        </div>
        <button class="btn primary" aria-disabled=${this.busy ? 'true' : nothing}>
          ${this.busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    if (!this.busy) void this.#try(String(data.get('username')), String(data.get('password')));
  };

  async #try(username: string, password: string): Promise<void> {
    this.busy = true;
    try {
      await this.session.signIn(username, password);
      this.dispatchEvent(new CustomEvent('signed-in'));
    } catch (error) {
      this.#refuse(error as Problem | TypeError);
    } finally {
      this.busy = false;
    }
  }

  #refuse(error: Problem | TypeError): void {
    this.refused =
      'status' in error ? problemSentence(error) : 'The server cannot be reached. Check the network, then try again.';
    this.querySelector<HTMLInputElement>('[name=password]')?.select();
  }
}
