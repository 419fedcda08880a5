/** The form that asks for a token, and what it sends. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Connection } from '../../../server/connections/contract.js';
import type { EmbedAction } from '../../../server/embed/contract.js';
import type { Problem } from '../../client/contract.js';
import { field, select } from '../field.js';
import { fieldErrors } from '../refusal.js';

/** What POST /auth/embed-tokens answers. */
export interface MadeToken {
  id: string;
  token: string;
  expiresAt: string;
}

export interface TokenForm {
  connections: readonly Connection[];
  /** Whether the user may look only: then the token may, too. */
  viewer: boolean;
  refused: Problem | null;
  submit(event: SubmitEvent): void;
}

const actions: readonly { value: Exclude<EmbedAction, 'read'>; label: string }[] = [
  { value: 'start', label: 'Start' },
  { value: 'cancel', label: 'Cancel' },
  { value: 'retry', label: 'Retry' },
];

const lives = [
  { value: '600', label: '10 minutes' },
  { value: '1800', label: '30 minutes' },
  { value: '3600', label: '1 hour' },
];

const check = (name: string, value: string, label: string): TemplateResult =>
  html`<label class="check plain"><input type="checkbox" name=${name} value=${value} /> ${label}</label>`;

export function tokenForm({ connections, viewer, refused, submit }: TokenForm): TemplateResult {
  const errors = fieldErrors(refused);
  return html`<form class="panel body stack" novalidate aria-labelledby="make-token" @submit=${submit}>
    <h2 id="make-token">Make one for trying</h2>
    <fieldset aria-describedby=${errors['connections'] ? 'connections-error' : nothing}>
      <legend>Connections</legend>
      <div class="choices long">${connections.map(({ id, name }) => check('connections', String(id), name))}</div>
      ${errors['connections'] ? html`<p class="error" id="connections-error">${errors['connections']}</p>` : nothing}
    </fieldset>
    ${
      viewer
        ? nothing
        : html`<fieldset>
            <legend>It may look, and also</legend>
            <div class="choices">${actions.map(({ value, label }) => check('actions', value, label))}</div>
          </fieldset>`
    }
    ${field({
      name: 'origins',
      label: 'Origin of the portal',
      hint: 'Such as https://portal.example; empty: any page that may reach Signalbox.',
      error: errors['origins'],
      mono: true,
    })}
    ${select({ name: 'ttlSeconds', label: 'It lives for', error: errors['ttlSeconds'] }, lives, '600')}
    <div><button class="btn primary">Make token</button></div>
  </form>`;
}

/** What the filled-in form asks for. */
export function tokenFrom(form: FormData): Record<string, unknown> {
  const origin = String(form.get('origins') ?? '').trim();
  return {
    connections: form.getAll('connections').map(Number),
    actions: ['read', ...form.getAll('actions')],
    origins: origin ? [origin] : [],
    ttlSeconds: Number(form.get('ttlSeconds')),
  };
}
