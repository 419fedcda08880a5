import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg, number, str } from '../../localisation/door.js';
import { plural } from '../../localisation/plural.js';
import { timeOfDay } from '../durations.js';
import { failure } from '../progress/failure.js';
import { stepLine } from '../steps/step-line.js';
import { stationsOf } from '../steps/stations.js';
import { type Fact, factsOf, outputsOf } from './result.js';

function facts(items: readonly Fact[]): TemplateResult | typeof nothing {
  if (items.length === 0) return nothing;
  return html`<dl class="facts sm">
    ${items.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd class="mono"><bdi>${value}</bdi></dd>`,
    )}
  </dl>`;
}

/** What the machine wrote, as it wrote it: text in every case. */
function outputs(items: readonly Fact[]): TemplateResult[] {
  return items.map(
    ({ name, value }) =>
      html`<section>
        <h3>${name}</h3>
        <pre class="mono output" part="output" tabindex="0" dir="ltr">${value}</pre>
      </section>`,
  );
}

function times({ startedAt, completedAt, attempt }: Operation): TemplateResult {
  const start = timeOfDay(startedAt);
  const ran = completedAt
    ? msg(str`Started at ${start}, ended at ${timeOfDay(completedAt)}.`)
    : msg(str`Started at ${start}.`);
  const times = number(attempt - 1);
  const again =
    attempt > 1
      ? plural(attempt - 1, { one: msg('Taken over once.'), other: msg(str`Taken over ${times} times.`) })
      : '';
  return html`<p class="sm muted">${ran} ${again}</p>`;
}

/** What opens beneath a history row: the reason, the steps, what was found, the output. */
export function details(operation: Operation, definition: PublishedDefinition | null, now: number): TemplateResult {
  const stations = stationsOf(operation, definition, now);
  return html`<div class="details stack" id="details-${operation.id}" part="details">
    ${failure(operation)} ${stations.length > 0 ? stepLine(stations, operation) : nothing} ${facts(factsOf(operation))}
    ${outputs(outputsOf(operation))} ${times(operation)}
    <signalbox-log connection=${operation.connectionId} operation=${operation.id}></signalbox-log>
  </div>`;
}
