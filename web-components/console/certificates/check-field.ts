import { html, nothing, type TemplateResult } from 'lit';
import { after } from '../field.js';

export interface CheckField {
  name: string;
  label: string | TemplateResult;
  checked: boolean;
  hint?: string;
  error?: string | undefined;
}

/** A box to tick with its hint, and its error where it has one. */
export function checkField({ name, label, checked, hint, error }: CheckField): TemplateResult {
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return html`<div class="field">
    <label class="check">
      <input
        type="checkbox"
        id=${name}
        name=${name}
        .checked=${checked}
        aria-describedby=${describedBy || nothing}
        aria-invalid=${error ? 'true' : nothing}
      />
      <span>${label}</span>
    </label>
    ${after({ name, ...(hint && { hint }), error })}
  </div>`;
}
