import { html, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../client/contract.js';
import { lamp } from '../elements/lamp/lamp.js';
import { problemSentence } from '../elements/words.js';
import { settingName } from './settings/setting-name.js';

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

/** What has a line for each of its items in a form. */
const linesOf = /^"?(?:certificate\.)?(?:services|names|endpoints|contactEmails)\[(\d+)\](?:\.\w+)?"? /;

/** “hostname must be a DNS name” beneath the field of that name: “This must be a DNS name.” */
function beneath(message: string): string {
  const words = message
    .replace(linesOf, (_, index: string) => `Line ${Number(index) + 1} `)
    .replace(/^"?[\w.]+"? (?=(is|must|may|length|contains|need|needs) )/, 'This ');
  return words.endsWith('.') ? words : `${words}.`;
}

/** The field that a pointer means: a setting out of a schema has one of its own, a list is one field. */
function fieldOf(pointer: string): string {
  const [first = '', second] = pointer.replace(/^\/(certificate\/(renewal\/)?)?/, '').split('/');
  return /^(platformSettings|settings|install)$/.test(first) && second ? settingName(second) : first;
}

/** The messages of a refused form by field, from the problem document's JSON pointers. */
export function fieldErrors(problem: Problem | null): Record<string, string> {
  const errors = problem?.body['errors'];
  if (!Array.isArray(errors)) return {};
  const entries = (errors as unknown[]).flatMap((item): [string, string][] => {
    const { pointer, message } = item as { pointer?: unknown; message?: unknown };
    if (typeof pointer !== 'string' || typeof message !== 'string') return [];
    return [[fieldOf(pointer), beneath(message)]];
  });
  return Object.fromEntries(entries);
}

/** What a refused form says as a whole: where fields are marked, they say the rest. */
export function refusalSentence(problem: Problem): string {
  return Object.keys(fieldErrors(problem)).length > 0 ? 'Correct the marked fields.' : problemSentence(problem);
}

/** What the server said no with, as a line of an alert; nothing where it did not. */
export function refusalNotice(problem: Problem | null): TemplateResult | typeof nothing {
  return problem ? html`<p class="notice">${lamp('failed')}<span>${refusalSentence(problem)}</span></p>` : nothing;
}
