import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg, str } from '../../localisation/door.js';
import { when } from '../durations.js';
import { aspectOf, lamp } from '../lamp/lamp.js';
import { whoOf } from '../words.js';
import { namedWords } from './standing.js';

function statusWords(status: Operation['status']): string {
  switch (status) {
    case 'pending':
      return msg('waiting');
    case 'in_progress':
      return msg('running');
    case 'completed':
      return msg('completed');
    case 'failed':
      return msg('failed');
    case 'cancelled':
      return msg('cancelled');
  }
}

function run(operation: Operation, definition: PublishedDefinition | null, now: number): TemplateResult {
  const { status, progress, completedAt, startedAt } = operation;
  return html`<li>
    ${lamp(aspectOf(operation), { percent: progress, label: statusWords(status) })}
    <span
      ><span class="what">${namedWords(operation, definition)}</span>
      <span class="muted">${msg(str`by ${whoOf(operation)}`)}</span></span
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
