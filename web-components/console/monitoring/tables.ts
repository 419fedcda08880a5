/** The tables of the monitoring page. */
import { html, type TemplateResult } from 'lit';
import { duration } from '../../elements/durations.js';
import { when } from '../../elements/moments.js';
import type { DefinitionsController } from '../../elements/definitions.js';
import { titleOf } from '../../elements/words.js';
import { addressOfOperation } from '../route.js';
import { type FailureCount, LAST, type TypeRuns } from './runs.js';
import { type Sample } from './samples.js';

const ENDED = 'signalbox_operations_ended_total';

function endedBy(samples: readonly Sample[], type: string, status: string): number {
  const own = samples.find(
    ({ name, labels }) => name === ENDED && labels['type'] === type && labels['status'] === status,
  );
  return own?.value ?? 0;
}

const section = (id: string, title: string, aside: string, content: TemplateResult): TemplateResult =>
  html`<section class="panel clip" aria-labelledby=${id}>
    <header>
      <h2 id=${id}>${title}</h2>
      <span class="end muted sm">${aside}</span>
    </header>
    ${content}
  </section>`;

const none = (words: string): TemplateResult => html`<p class="body soft">${words}</p>`;

/** How operations ended since the server runs, by type. */
export function endedTable(samples: readonly Sample[], definitions: DefinitionsController): TemplateResult {
  const types = [...new Set(samples.flatMap(({ name, labels }) => (name === ENDED ? (labels['type'] ?? []) : [])))];
  const cell = (type: string, status: string): TemplateResult => html`<td>${endedBy(samples, type, status)}</td>`;
  const row = (type: string): TemplateResult =>
    html`<tr>
      <th scope="row">${titleOf(type, definitions.of(type))}</th>
      ${cell(type, 'completed')} ${cell(type, 'failed')} ${cell(type, 'cancelled')}
    </tr>`;
  const table = html`<table class="figures">
    <thead>
      <tr>
        <td></td>
        <th scope="col">Completed</th>
        <th scope="col">Failed</th>
        <th scope="col">Cancelled</th>
      </tr>
    </thead>
    <tbody>
      ${types.map(row)}
    </tbody>
  </table>`;
  return section('ended', 'Operations ended', 'by this server', types.length ? table : none('None has ended yet.'));
}

/** How long the last completed ones took. */
export function durationTable(runs: readonly TypeRuns[], definitions: DefinitionsController): TemplateResult {
  const row = ({ type, count, medianMs, longestMs }: TypeRuns): TemplateResult =>
    html`<tr>
      <th scope="row">${titleOf(type, definitions.of(type))}</th>
      <td>${duration(medianMs)}</td>
      <td>${duration(longestMs)}</td>
      <td>${count}</td>
    </tr>`;
  const table = html`<table class="figures">
    <thead>
      <tr>
        <td></td>
        <th scope="col">Median</th>
        <th scope="col">Longest</th>
        <th scope="col">Runs</th>
      </tr>
    </thead>
    <tbody>
      ${runs.map(row)}
    </tbody>
  </table>`;
  return section(
    'durations',
    'Durations',
    `of the last ${LAST} completed`,
    runs.length ? table : none('None has completed yet.'),
  );
}

/** Why the last failed ones failed, each with the newest of its kind. */
export function failureTable(failures: readonly FailureCount[], now: number): TemplateResult {
  const row = ({ code, count, last }: FailureCount): TemplateResult =>
    html`<tr>
      <th scope="row">
        <span class="mono">${code}</span>
        <span class="sm soft line">${last.error?.message ?? ''}</span>
      </th>
      <td>${count}</td>
      <td class="nowrap"><a href=${addressOfOperation(last)}>${when(last.completedAt ?? last.updatedAt, now)}</a></td>
    </tr>`;
  const table = html`<table class="figures">
    <thead>
      <tr>
        <td></td>
        <th scope="col">Times</th>
        <th scope="col">Last</th>
      </tr>
    </thead>
    <tbody>
      ${failures.map(row)}
    </tbody>
  </table>`;
  return section(
    'failures',
    'Failures by code',
    `of the last ${LAST} failed`,
    failures.length ? table : none('None has failed yet.'),
  );
}
