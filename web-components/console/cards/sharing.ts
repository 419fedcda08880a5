import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Problem } from '../../client/contract.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { field, select } from '../field.js';
import { Loaded } from '../loaded.js';

interface Grant {
  username: string;
  role: 'viewer' | 'operator';
}

const roles = [
  { value: 'viewer', label: 'may look' },
  { value: 'operator', label: 'may look and start' },
];

/** Who else may see and use a connection; for its owner and admins. */
export class SharingCard extends ConsoleElement {
  @property({ attribute: false }) connection = 0;
  @property({ attribute: false }) owner = '';
  @state() private refused: Problem | null = null;
  readonly #grants = new Loaded<{ grants: Grant[] }>(this, () => `/connections/${this.connection}/grants`);

  override render(): TemplateResult {
    const { value, problem } = this.#grants;
    return html`<section class="panel" aria-labelledby="sharing">
      <header><h2 id="sharing">Sharing</h2></header>
      <ul class="grants">
        <li><span class="grow">${this.owner}</span><span class="muted sm">owner</span></li>
        ${value?.grants.map((grant) => this.#grant(grant))}
      </ul>
      <form class="body inline" @submit=${this.#add}>
        ${field({ name: 'grantee', label: 'Share with', required: true })}
        ${select({ name: 'grantRole', label: 'Role' }, roles, 'viewer')}
        <button class="btn">Share</button>
      </form>
      <p class="sm t-stop aside" role="alert">
        ${this.refused ? problemSentence(this.refused) : problem ? problemSentence(problem) : nothing}
      </p>
    </section>`;
  }

  #grant({ username, role }: Grant): TemplateResult {
    return html`<li>
      <span class="grow">${username}</span>
      <span class="muted sm">${roles.find(({ value }) => value === role)?.label ?? role}</span>
      <button type="button" class="btn quiet" @click=${() => void this.#change('DELETE', username)}>
        <span>Remove<span class="vh"> ${username}</span></span>
      </button>
    </li>`;
  }

  readonly #add = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    void this.#change('PUT', String(data.get('grantee')).trim(), { role: String(data.get('grantRole')) }).then(
      (done) => done && form.reset(),
    );
  };

  async #change(method: string, username: string, body?: { role: string }): Promise<boolean> {
    this.refused = null;
    try {
      const path = `/connections/${this.connection}/grants/${encodeURIComponent(username)}`;
      await this.#grants.client?.request(method, path, body);
    } catch (error) {
      this.refused = error as Problem;
    }
    await this.#grants.reload();
    return this.refused === null;
  }
}
