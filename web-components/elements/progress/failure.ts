import { html, nothing, type TemplateResult } from 'lit';
import type { Operation } from '../../client/contract.js';
import { lamp } from '../lamp/lamp.js';

/** Why an operation did not complete: the sentence, the hint, and the code for those who look it up. */
export function failure({ status, error }: Operation): TemplateResult | typeof nothing {
  if (!error) return nothing;
  const cancelled = status === 'cancelled';
  return html`<div class="notice ${cancelled ? 'caution' : ''}" part="error">
    ${lamp(cancelled ? 'cancelled' : 'failed')}
    <p class="strong">${error.message}</p>
    ${error.hint ? html`<p>${error.hint}</p>` : nothing}
    <p class="sm mono muted">${error.code}</p>
  </div>`;
}
