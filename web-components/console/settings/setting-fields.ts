import { html, nothing, type TemplateResult } from 'lit';
import type { JsonObject } from '../../../server/operations/contract.js';
import { after, field, select } from '../field.js';
import { type Setting, textOf } from './setting.js';

export interface SettingFields {
  settings: readonly Setting[];
  /** What is stored; the defaults stand for what is not. */
  values: JsonObject;
  errors: Record<string, string>;
  /** True where only an admin may change them, and this is none. */
  locked: boolean;
  /** Those that go in and never come out, and which of them are stored. */
  secrets?: { keys: readonly string[]; stored: readonly string[] };
}

const describedBy = (name: string, hint: string, error: string | undefined): string | typeof nothing =>
  [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ') || nothing;

function flag(setting: Setting, checked: boolean, { errors, locked }: SettingFields): TemplateResult {
  const { name, label, hint } = setting;
  const error = errors[name];
  return html`<div class="field">
    <label class="check">
      <input
        type="checkbox"
        id=${name}
        name=${name}
        .checked=${checked}
        ?disabled=${locked}
        aria-describedby=${describedBy(name, hint, error)}
        aria-invalid=${error ? 'true' : nothing}
      />
      ${label}
    </label>
    ${after({ name, hint, ...(error && { error }) })}
  </div>`;
}

function choice(setting: Setting, value: string, { errors, locked }: SettingFields): TemplateResult {
  const { name, label, hint, choices, nullable } = setting;
  const options = [...(nullable ? [''] : []), ...choices].map((one) => ({ value: one, label: one || 'none' }));
  return select({ name, label, hint, error: errors[name], disabled: locked }, options, value);
}

function secret({ key, name, label, hint }: Setting, { errors, secrets }: SettingFields): TemplateResult {
  const kept = secrets?.stored.includes(key) ? ' One is stored; leave this empty to keep it.' : '';
  const words = { name, label, hint: `${hint}${kept}`, error: errors[name] };
  return field({ ...words, type: 'password', autocomplete: 'new-password', mono: true });
}

function one(setting: Setting, form: SettingFields): TemplateResult {
  const { key, name, label, hint, kind, byDefault } = setting;
  const value = form.values[key] ?? (key in form.values ? null : byDefault);
  if (kind === 'flag') return flag(setting, value === true, form);
  if (kind === 'choice') return choice(setting, textOf(value), form);
  if (form.secrets?.keys.includes(key)) return secret(setting, form);
  return field({
    ...{ name, label, hint, error: form.errors[name], disabled: form.locked },
    value: textOf(value),
    type: kind === 'number' ? 'number' : 'text',
    ...(setting.long && { rows: 5 }),
    mono: true,
  });
}

/** A field for each setting, with its description as help. */
export function settingFields(form: SettingFields): TemplateResult | typeof nothing {
  const whole = form.errors['platformSettings'];
  return html`${form.locked ? html`<p class="sm soft">Only an admin may change what follows.</p>` : nothing}
  ${form.settings.map((setting) => one(setting, form))}
  ${whole ? html`<p class="error" tabindex="-1" aria-invalid="true">${whole}</p>` : nothing}`;
}
