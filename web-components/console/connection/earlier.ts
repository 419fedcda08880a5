/** An operation that is too old for the page's list: what is known of it, asked for by itself. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { duration } from '../../elements/durations.js';
import { when } from '../../elements/moments.js';
import { aspectOf, lamp } from '../../elements/lamp/lamp.js';
import { ranForMs } from '../../elements/progress/sentences.js';
import { subjectOf, whoOf } from '../../elements/run-words.js';
import { titleOf } from '../../elements/words.js';

const verdicts: Record<Operation['status'], string> = {
  pending: 'Waiting',
  in_progress: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const endOf = (operation: Operation, now: number): string => {
  const ran = ranForMs(operation);
  const at = when(operation.completedAt ?? operation.startedAt, now);
  return ran === null ? at : `${duration(ran)}, ${at}`;
};

export function earlierPanel(
  operation: Operation,
  definition: PublishedDefinition | null,
  now = Date.now(),
): TemplateResult {
  const { status, step, error } = operation;
  const place = status === 'failed' && step ? ` at ${step.title}` : '';
  const subject = subjectOf(operation);
  return html`<section class="panel" aria-labelledby="earlier">
    <header>
      ${lamp(aspectOf(operation))}
      <h2 id="earlier">${titleOf(operation.type, definition)}${subject ? html`: <bdi>${subject}</bdi>` : nothing}</h2>
      <span class="muted">started by ${whoOf(operation)} ${when(operation.startedAt, now)}</span>
    </header>
    <div class="body stack">
      <p class="row">
        <span class="days">${verdicts[status]}${place}</span> <span class="soft">${endOf(operation, now)}</span>
      </p>
      ${
        error
          ? html`<p>
              <bdi>${error.message}</bdi> ${error.hint ?? ''} <span class="mono sm muted">${error.code}</span>
            </p>`
          : nothing
      }
    </div>
  </section>`;
}
