import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg } from '../../localisation/door.js';
import { when } from '../moments.js';
import { aspectOf, lamp } from '../lamp/lamp.js';
import { byWhom, statusWord } from '../run-words.js';
import { namedWords } from './standing.js';

function run(operation: Operation, definition: PublishedDefinition | null, now: number): TemplateResult {
  const { status, progress, completedAt, startedAt } = operation;
  return html`<li>
    ${lamp(aspectOf(operation), { percent: progress, label: statusWord(status) })}
    <span
      ><span class="what">${namedWords(operation, definition)}</span>
      <span class="muted">${byWhom(operation)}</span></span
    >
    <span class="muted when">${when(completedAt ?? startedAt, now)}</span>
  </li>`;
}

/** The last few operations: what, by whom, when. */
export function lastRuns(
  operations: readonly Operation[],
  definitionOf: (type: string) => PublishedDefinition | null,
  now: number,
): TemplateResult | typeof nothing {
  if (operations.length === 0) return nothing;
  return html`<ul class="runs" part="history" aria-label=${msg('Last operations')}>
    ${operations.map((operation) => run(operation, definitionOf(operation.type), now))}
  </ul>`;
}
