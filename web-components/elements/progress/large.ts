/** The large form: a panel with every station. A file of its own, loaded by the first element that is to show it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { timeOfDay, when } from '../durations.js';
import { aspectOf, lamp } from '../lamp/lamp.js';
import { stepLine } from '../steps/step-line.js';
import { stationsOf } from '../steps/stations.js';
import { failure } from './failure.js';
import { aside, heading, startedBy, verdict } from './sentences.js';

export { largeStyles as styles } from './large.styles.js';

/** What the panel takes from the element as it is there. */
export interface LargeParts {
  operation: Operation;
  definition: PublishedDefinition | null;
  /** Ms since the epoch, as the server has it. */
  now: number;
  /** The rail, drawn where there are no stations; for screen readers in each case. */
  bar: (drawn: boolean) => TemplateResult;
  cancel: TemplateResult | typeof nothing;
  /** The message, and how old all this is where it is stale. */
  rest: readonly (TemplateResult | typeof nothing)[];
}

function startOf({ startedAt, completedAt }: Operation, now: number): string {
  return completedAt === null ? timeOfDay(startedAt) : when(startedAt, now);
}

export function panel({ operation, definition, now, bar, cancel, rest }: LargeParts): TemplateResult {
  const stations = stationsOf(operation, definition, now);
  return html`<section class="panel" part="panel" aria-labelledby="title">
    <header>
      ${lamp(aspectOf(operation), { percent: operation.progress })}
      <h2 id="title">${heading(operation, definition)}</h2>
      <span class="muted">${startedBy(operation, startOf(operation, now))}</span>
      <span class="end">${cancel}</span>
    </header>
    ${failure(operation)}
    <div class="body stack">
      <p class="headline">
        <strong>${verdict(operation, definition, now)}</strong>
        <span class="soft">${aside(operation, definition, now)}</span>
      </p>
      ${bar(stations.length === 0 && definition?.display !== 'spinner')}
      ${stations.length > 0 ? stepLine(stations, operation) : nothing} ${rest}
    </div>
  </section>`;
}
