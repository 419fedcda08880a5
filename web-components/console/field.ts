import { html, nothing, type TemplateResult } from 'lit';

export interface Field {
  name: string;
  label: string;
  type?: 'text' | 'password' | 'number' | 'time';
  value?: string;
  hint?: string;
  /** What the server says is wrong with it. */
  error?: string | undefined;
  autocomplete?: AutoFill;
  required?: boolean;
  autofocus?: boolean;
  rows?: number;
  /** Read, not written; a disabled field is not sent. */
  disabled?: boolean;
  mono?: boolean;
}

const describedBy = ({ name, hint, error }: Pick<Field, 'name' | 'hint' | 'error'>): string =>
  [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');

function single(item: Field): TemplateResult {
  return html`<input
    id=${item.name}
    name=${item.name}
    class=${item.mono ? 'mono' : ''}
    type=${item.type === 'number' ? 'text' : (item.type ?? 'text')}
    inputmode=${item.type === 'number' ? 'numeric' : nothing}
    .value=${item.value ?? ''}
    autocomplete=${item.autocomplete ?? 'off'}
    autocapitalize="off"
    spellcheck="false"
    ?required=${item.required ?? false}
    ?autofocus=${item.autofocus ?? false}
    ?disabled=${item.disabled ?? false}
    aria-describedby=${describedBy(item) || nothing}
    aria-invalid=${item.error ? 'true' : nothing}
  />`;
}

function several(item: Field): TemplateResult {
  return html`<textarea
    id=${item.name}
    name=${item.name}
    class="mono"
    rows=${item.rows ?? 4}
    .value=${item.value ?? ''}
    ?disabled=${item.disabled ?? false}
    autocomplete="off"
    spellcheck="false"
    aria-describedby=${describedBy(item) || nothing}
    aria-invalid=${item.error ? 'true' : nothing}
  ></textarea>`;
}

/** A labelled input with its hint, and its error where it has one. */
export function field(item: Field): TemplateResult {
  return html`<div class="field">
    <label for=${item.name}>${item.label}</label>
    ${item.rows ? several(item) : single(item)} ${after(item)}
  </div>`;
}

/** The lines beneath a field. */
export function after({ name, hint, error }: Pick<Field, 'name' | 'hint' | 'error'>): TemplateResult {
  return html`${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
  ${error ? html`<p class="error" id="${name}-error">${error}</p>` : nothing}`;
}

export function select(
  item: Pick<Field, 'name' | 'label' | 'error' | 'hint' | 'disabled'>,
  options: readonly { value: string; label: string }[],
  value: string,
): TemplateResult {
  return html`<div class="field">
    <label for=${item.name}>${item.label}</label>
    <select
      id=${item.name}
      name=${item.name}
      ?disabled=${item.disabled ?? false}
      aria-describedby=${describedBy(item) || nothing}
      aria-invalid=${item.error ? 'true' : nothing}
    >
      ${options.map((one) => html`<option value=${one.value} ?selected=${one.value === value}>${one.label}</option>`)}
    </select>
    ${after(item)}
  </div>`;
}
