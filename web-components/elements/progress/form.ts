/** How a run is drawn: the small form, and the pieces that the large one shares with it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ConnectionState, Operation, Problem, PublishedDefinition } from '../../client/contract.js';
import { msg, str } from '../../localisation/door.js';
import { freshness } from '../freshness.js';
import { aspectOf, lamp } from '../lamp/lamp.js';
import { stepTrack } from '../steps/step-track.js';
import { problemSentence } from '../words.js';
import { failure } from './failure.js';
import { heading, valueText, verdict } from './sentences.js';

/** What a form is drawn of. */
export interface Run {
  operation: Operation;
  definition: PublishedDefinition | null;
  /** The server's time, ms since the epoch; who reads `now` is drawn again each second. */
  clock: { readonly now: number; readonly glance: number };
  /** How current all this is. */
  state: ConnectionState;
  isLarge: boolean;
  /** Why it was not cancelled. */
  refused: Problem | null;
  /** Null where the caller may only look. */
  cancel: ((id: string) => void) | null;
}

/** The rail where it is drawn, and in every form what a screen reader gets of it. */
export function bar({ operation, definition }: Run, drawn: boolean): TemplateResult {
  const measured = operation.status !== 'pending' && definition?.display !== 'spinner';
  return html`<div
    part="bar"
    class=${drawn ? '' : 'vh'}
    role="progressbar"
    aria-label=${heading(operation, definition)}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${measured ? Math.floor(operation.progress) : nothing}
    aria-valuetext=${valueText(operation, definition)}
  >
    ${drawn ? stepTrack(definition?.steps ?? [], operation) : nothing}
  </div>`;
}

/** What the server last said of it. */
export function message({ operation, isLarge }: Run): TemplateResult | typeof nothing {
  const { completedAt, step } = operation;
  const text = operation.message ?? step?.title ?? '';
  if (completedAt !== null || !text) return nothing;
  const place = isLarge || !step ? '' : `${msg(str`Step ${step.index} of ${step.count}`)}: `;
  return html`<p class="sm message" part="status">${place}<bdi>${text}</bdi></p>`;
}

export function cancelButton({ operation, refused, cancel }: Run): TemplateResult | typeof nothing {
  const { id, cancellable, completedAt } = operation;
  if (refused) return html`<span class="sm soft">${problemSentence(refused)}</span>`;
  if (!cancellable || completedAt !== null || !cancel) return nothing;
  return html`<button type="button" class="btn quiet" part="cancel" @click=${() => cancel(id)}>
    ${msg('Cancel')}
  </button>`;
}

export function small(run: Run): TemplateResult {
  const { operation, definition, clock } = run;
  const spinner = definition?.display === 'spinner';
  // What has ended says nothing that goes on.
  const now = operation.completedAt === null ? clock.now : clock.glance;
  return html`<div class="small">
    <div class="row">
      ${spinner ? lamp(operation.status === 'in_progress' ? 'turning' : aspectOf(operation)) : nothing}
      <span class="strong ${spinner ? '' : 'grow'}">${heading(operation, definition)}</span>
      <span class="soft" aria-hidden="true">${spinner ? nothing : verdict(operation, definition, now)}</span>
    </div>
    ${bar(run, !spinner)} ${message(run)} ${failure(operation)} ${freshness(run.state)} ${cancelButton(run)}
  </div>`;
}
