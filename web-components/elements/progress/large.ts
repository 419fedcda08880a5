/** The large form: a panel with every station. A file of its own, loaded by the first element that is to show it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Operation } from '../../client/contract.js';
import { timeOfDay } from '../durations.js';
import { when } from '../moments.js';
import { freshness } from '../freshness.js';
import { aspectOf, lamp } from '../lamp/lamp.js';
import { stepLine } from '../steps/step-line.js';
import { stationsOf } from '../steps/stations.js';
import { failure } from './failure.js';
import { bar, cancelButton, message, type Run } from './form.js';
import { aside, startedBy } from './large-sentences.js';
import { heading, verdict } from './sentences.js';

export { largeStyles as styles } from './large.styles.js';

function startOf({ startedAt, completedAt }: Operation, now: number): string {
  return completedAt === null ? timeOfDay(startedAt) : when(startedAt, now);
}

export function panel(run: Run): TemplateResult {
  const { operation, definition } = run;
  const { now } = run.clock;
  const stations = stationsOf(operation, definition, now);
  return html`<section class="panel" part="panel" aria-labelledby="title">
    <header>
      ${lamp(aspectOf(operation), { percent: operation.progress })}
      <h2 id="title">${heading(operation, definition)}</h2>
      <span class="muted">${startedBy(operation, startOf(operation, now))}</span>
      <span class="end">${cancelButton(run)}</span>
    </header>
    ${failure(operation)}
    <div class="body stack">
      <p class="headline">
        <strong>${verdict(operation, definition, now)}</strong>
        <span class="soft">${aside(operation, definition, now)}</span>
      </p>
      ${bar(run, stations.length === 0 && definition?.display !== 'spinner')}
      ${stations.length > 0 ? stepLine(stations, operation) : nothing} ${message(run)} ${freshness(run.state)}
    </div>
  </section>`;
}
