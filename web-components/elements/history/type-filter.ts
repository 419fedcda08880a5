import { html, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { language, msg } from '../../localisation/door.js';
import { titleOf } from '../words.js';

export interface TypeChoice {
  readonly type: string;
  readonly title: string;
}

/** The types that a person can choose among: those that ran here, by their titles. */
export function choicesOf(
  operations: readonly Operation[],
  definitionOf: (type: string) => PublishedDefinition | null,
): TypeChoice[] {
  const types = [...new Set(operations.map(({ type }) => type))];
  return types
    .map((type) => ({ type, title: titleOf(type, definitionOf(type)) }))
    .sort((a, b) => a.title.localeCompare(b.title, language()));
}

/** One type, or all. */
export function typeFilter(
  choices: readonly TypeChoice[],
  chosen: string,
  choose: (type: string) => void,
): TemplateResult {
  return html`<select
    part="filter"
    aria-label=${msg('Which operations')}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
  >
    <option value="" ?selected=${chosen === ''}>${msg('All operations')}</option>
    ${choices.map(({ type, title }) => html`<option value=${type} ?selected=${chosen === type}>${title}</option>`)}
  </select>`;
}
