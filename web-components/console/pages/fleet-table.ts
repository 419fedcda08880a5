import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { when } from '../../elements/durations.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { stationsOf } from '../../elements/steps/stations.js';
import { stepTrack } from '../../elements/steps/step-line.js';
import { measureOf, stepSentence, subjectOf, titleOf, whoOf } from '../../elements/words.js';
import { addressOf } from '../route.js';
import type { FleetLine, Group } from './fleet-lines.js';
import { aspectOfLine, groupWords } from './line-diagram.js';

export interface FleetTable {
  lines: readonly FleetLine[];
  definitions: readonly PublishedDefinition[];
  now: number;
  /** Whether every operation is among what was judged by. */
  complete: boolean;
  /** What a refused start or retry said, by connection. */
  refused: ReadonlyMap<number, string>;
  start(connection: number, type: string): void;
  retry(connection: number, operation: string): void;
}

const groups: [Group, string][] = [
  ['needs', 'Needs you'],
  ['running', 'Running'],
  ['clear', 'Clear'],
];

const definitionOf = (table: FleetTable, type: string): PublishedDefinition | null =>
  table.definitions.find((definition) => definition.type === type) ?? null;

/** “Service restart: Cisco Tomcat”. */
function named(operation: Operation, table: FleetTable): string {
  return [titleOf(operation.type, definitionOf(table, operation.type)), subjectOf(operation)]
    .filter(Boolean)
    .join(': ');
}

function failedNow({ now }: FleetLine, title: string): TemplateResult {
  const place = now?.step ? ` at ${now.step.title}` : '';
  const subject = now && subjectOf(now);
  return html`<span class="strong t-stop">${title} failed${place}${subject ? `: ${subject}` : ''}</span>
    ${now?.error ? html`<br /><bdi>${now.error.message}</bdi>` : nothing}
    ${now?.error?.hint ? html`<br /><span class="sm muted">${now.error.hint}</span>` : nothing}`;
}

function runningNow({ now }: FleetLine, table: FleetTable): TemplateResult | typeof nothing {
  if (!now) return nothing;
  const definition = definitionOf(table, now.type);
  const step = stepSentence(now);
  const text = [step, now.message ?? now.step?.title].filter(Boolean).join(': ');
  return html`<span class="row">
      <span class="strong grow">${named(now, table)}</span>
      <span class="soft">${now.status === 'pending' ? 'Waiting' : measureOf(now, definition, table.now)}</span>
    </span>
    ${definition?.display === 'spinner' ? nothing : stepTrack(stationsOf(now, definition, table.now), now)}
    ${text ? html`<span class="sm muted"><bdi>${text}</bdi></span>` : nothing}`;
}

function nowCell(line: FleetLine, table: FleetTable): TemplateResult | typeof nothing {
  if (line.group === 'needs' && line.now) {
    return failedNow(line, titleOf(line.now.type, definitionOf(table, line.now.type)));
  }
  if (line.group === 'running') return runningNow(line, table);
  return html`<span class="muted"
    >${line.last ? 'Clear' : table.complete ? 'Nothing has run yet' : 'Nothing recent'}</span
  >`;
}

function lastCell({ last }: FleetLine, table: FleetTable): TemplateResult {
  if (!last) return html`<span class="muted">–</span>`;
  return html`${named(last, table)}
    <span class="muted sm nowrap">${whoOf(last)}, ${when(last.completedAt ?? last.startedAt, table.now)}</span>`;
}

function actionCell(line: FleetLine, table: FleetTable): TemplateResult | typeof nothing {
  const { connection, group, now } = line;
  if (connection.role === 'viewer') return nothing;
  if (now?.error?.code === 'SSH_HOST_KEY_CHANGED') {
    return html`<a class="btn" href=${addressOf(connection)}>Compare keys</a>`;
  }
  if (group === 'needs' && now) {
    return html`<button
      type="button"
      class="btn primary"
      aria-label="Retry on ${connection.name}"
      @click=${() => table.retry(connection.id, now.id)}
    >
      Retry
    </button>`;
  }
  const items = table.definitions
    .filter(({ confirm, type }) => confirm === null && !(now?.completedAt === null && now.type === type))
    .map(({ labels, type }) => ({ label: labels.idle, run: () => table.start(connection.id, type) }));
  if (items.length === 0) return nothing;
  return html`<console-menu label="Run" .name=${`Run on ${connection.name}`} .items=${items}></console-menu>`;
}

function row(line: FleetLine, table: FleetTable): TemplateResult {
  const { connection, group, now } = line;
  const refused = table.refused.get(connection.id);
  return html`<tr class=${group === 'clear' ? 'quiet' : ''}>
    <td>${lamp(aspectOfLine(line), { percent: now?.progress ?? 0, label: groupWords[group] })}</td>
    <td class="c-name">
      <a class="name" href=${addressOf(connection)}>${connection.name}</a>
      <span class="mono muted sm host">${connection.hostname}</span>
    </td>
    <td class="c-plat mono soft">${connection.platform}</td>
    <td class="c-now">
      ${nowCell(line, table)}
      ${refused ? html`<span class="sm t-stop refused" role="alert">${refused}</span>` : nothing}
    </td>
    <td class="c-last soft">${lastCell(line, table)}</td>
    <td class="c-act">${actionCell(line, table)}</td>
  </tr>`;
}

function groupRows([group, title]: [Group, string], table: FleetTable): TemplateResult | typeof nothing {
  const lines = table.lines.filter((line) => line.group === group);
  if (lines.length === 0) return nothing;
  return html`<tbody>
    <tr class="group">
      <th colspan="6" scope="rowgroup">${title} <span>${lines.length}</span></th>
    </tr>
    ${repeat(
      lines,
      ({ connection }) => connection.id,
      (line) => row(line, table),
    )}
  </tbody>`;
}

/** The fleet in groups: what is wrong first. */
export function fleetTable(table: FleetTable): TemplateResult {
  return html`<section class="panel">
    <table class="fleet">
      <thead>
        <tr>
          <th><span class="vh">State</span></th>
          <th>Connection</th>
          <th class="c-plat">Platform</th>
          <th>Now</th>
          <th class="c-last">Last operation</th>
          <th><span class="vh">Actions</span></th>
        </tr>
      </thead>
      ${groups.map((group) => groupRows(group, table))}
    </table>
  </section>`;
}
