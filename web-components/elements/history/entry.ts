import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { duration } from '../durations.js';
import { when } from '../moments.js';
import { aspectOf, lamp } from '../lamp/lamp.js';
import { ranForMs } from '../progress/sentences.js';
import { byWhom, statusWord, subjectOf } from '../run-words.js';
import { titleOf } from '../words.js';
import { details } from './details.js';

function howLongAndWhen(operation: Operation, now: number): string {
  const ran = ranForMs(operation);
  const at = when(operation.completedAt ?? operation.startedAt, now);
  return ran === null ? `${statusWord(operation.status)}, ${at}` : `${duration(ran)}, ${at}`;
}

export interface EntryOptions {
  definition: PublishedDefinition | null;
  isOpen: boolean;
  now: number;
  toggle(): void;
}

/** One operation: what, for what, by whom, how long and when; a second line only for a reason. */
export function entry(operation: Operation, { definition, isOpen, now, toggle }: EntryOptions): TemplateResult {
  const subject = subjectOf(operation);
  return html`<li>
    <button
      type="button"
      class="entry"
      part="entry"
      aria-expanded=${isOpen ? 'true' : 'false'}
      aria-controls=${isOpen ? `details-${operation.id}` : nothing}
      @click=${toggle}
    >
      ${lamp(aspectOf(operation), { percent: operation.progress, label: statusWord(operation.status) })}
      <span>
        <span class="what"
          >${titleOf(operation.type, definition)}${subject ? html`: <bdi class="subject">${subject}</bdi>` : nothing}</span
        >
        <span class="who">${byWhom(operation)}</span>
      </span>
      <span class="when">${howLongAndWhen(operation, now)}</span>
      ${operation.error && !isOpen ? html`<span class="why"><bdi>${operation.error.message}</bdi></span>` : nothing}
    </button>
    ${isOpen ? details(operation, definition, now) : nothing}
  </li>`;
}
