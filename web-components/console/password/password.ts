import { html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Problem } from '../../client/contract.js';
import { ClientAttachment } from '../../elements/client-attachment.js';
import { ConsoleElement } from '../console-element.js';
import { field } from '../field.js';
import { refusalNotice } from '../refusal.js';

/** The dialog in which a user changes the own password; tells `password-changed` with the new one, as all tokens end, and `password-closed` at last. */
export class ConsolePassword extends ConsoleElement {
  @property() username = '';
  @state() private refused: Problem | null = null;
  readonly #attachment = new ClientAttachment(this, () => () => undefined);

  protected override firstUpdated(): void {
    this.querySelector('dialog')?.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="password-title" @close=${this.#closed}>
      <form class="stack" @submit=${this.#submit}>
        <h2 id="password-title">Change your password</h2>
        <input type="text" autocomplete="username" .value=${this.username} hidden />
        ${field({ name: 'currentPassword', label: 'Current password', type: 'password', autocomplete: 'current-password', required: true })}
        ${field({
          name: 'newPassword',
          label: 'New password',
          type: 'password',
          autocomplete: 'new-password',
          required: true,
          hint: 'At least 12 characters. It signs you out everywhere else.',
        })}
        <div role="alert">${refusalNotice(this.refused)}</div>
        <div class="row">
          <button type="button" class="btn" @click=${this.#close}>Not now</button>
          <button class="btn primary">Change password</button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #closed = (): void => void this.dispatchEvent(new CustomEvent('password-closed'));

  readonly #close = (): void => this.querySelector('dialog')?.close();

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    void this.#change(String(data.get('currentPassword')), String(data.get('newPassword')));
  };

  async #change(currentPassword: string, password: string): Promise<void> {
    try {
      await this.#attachment.client?.request('PATCH', `/users/${encodeURIComponent(this.username)}`, {
        currentPassword,
        password,
      });
      this.#close();
      this.dispatchEvent(new CustomEvent('password-changed', { detail: { password }, bubbles: true }));
    } catch (error) {
      this.refused = error as Problem;
    }
  }
}
