/** What stands in the cells of a row. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg, str } from '../../localisation/door.js';
import { isDue, leftSentence, renewsInTime, shareLeft, timeLeft } from '../connection/certificate-end.js';
import { failedWords, namedWords } from '../connection/standing.js';
import { customProperties } from '../custom-properties.js';
import { when } from '../moments.js';
import { stationsOf } from '../steps/stations.js';
import { stepTrack } from '../steps/step-line.js';
import { stepSentence, subjectOf, whoOf } from '../run-words.js';
import { measureOf } from '../words.js';
import type { FleetLine } from './line.js';

export type Definitions = readonly PublishedDefinition[];

const definitionOf = (definitions: Definitions, type: string): PublishedDefinition | null =>
  definitions.find((definition) => definition.type === type) ?? null;

function failed(operation: Operation, definition: PublishedDefinition | null): TemplateResult {
  const { error } = operation;
  const subject = subjectOf(operation);
  return html`<span class="line strong t-stop"
      >${failedWords(operation, definition)}${subject ? html`: <bdi>${subject}</bdi>` : nothing}</span
    >
    ${error ? html`<span class="line"><bdi>${error.message}</bdi></span>` : nothing}
    ${error?.hint ? html`<span class="line sm muted">${error.hint}</span>` : nothing}`;
}

function running(operation: Operation, definition: PublishedDefinition | null, at: number): TemplateResult {
  const step = stepSentence(operation);
  const text = operation.message ?? operation.step?.title;
  const measure = operation.status === 'pending' ? msg('Waiting') : measureOf(operation, definition, at);
  return html`<span class="row">
      <span class="strong grow">${namedWords(operation, definition)}</span>
      <span class="soft">${measure}</span>
    </span>
    ${definition?.display === 'spinner' ? nothing : stepTrack(stationsOf(operation, definition, at), operation)}
    ${
      step || text
        ? html`<span class="line sm muted">${step}${step && text ? ': ' : nothing}<bdi>${text ?? nothing}</bdi></span>`
        : nothing
    }`;
}

function due({ certificate, at }: FleetLine): TemplateResult | typeof nothing {
  if (!certificate) return nothing;
  const left = leftSentence(certificate, at);
  const renewal = renewsInTime(certificate)
    ? msg('Its renewal is planned.')
    : msg('No renewal is planned before it ends.');
  return html`<span class="line strong t-caution">${msg(str`Certificate: ${left}`)}</span>
    <span class="line sm muted">${renewal}</span>`;
}

export function nowCell(line: FleetLine, definitions: Definitions): TemplateResult | typeof nothing {
  const { group, now, last, isWhole, at } = line;
  if (group === 'due') return due(line);
  if (!now) {
    const words = last ? msg('Clear') : isWhole ? msg('Nothing has run yet') : msg('Nothing recent');
    return html`<span class="muted">${words}</span>`;
  }
  const definition = definitionOf(definitions, now.type);
  return group === 'needs' ? failed(now, definition) : running(now, definition, at);
}

/** The last operation with who and when. */
export function lastCell({ last, at }: FleetLine, definitions: Definitions): TemplateResult {
  if (!last) return html`<span class="muted" aria-hidden="true">–</span><span class="vh">${msg('Not known')}</span>`;
  return html`<span>${namedWords(last, definitionOf(definitions, last.type))}</span>
    <span class="muted sm nowrap">${whoOf(last)}, ${when(last.completedAt ?? last.startedAt, at)}</span>`;
}

/** How long the certificate still holds, as words and on a short rail. */
export function certificateCell({ certificate, at }: FleetLine): TemplateResult {
  if (!certificate) return html`<span class="muted" aria-hidden="true">–</span><span class="vh">${msg('None')}</span>`;
  const left = `${shareLeft(certificate, at) * 100}%`;
  return html`<span class="days ${isDue(certificate, at) ? 't-caution' : 'soft'}"
    ><span>${timeLeft(certificate, at)}</span><u ${customProperties({ '--left': left })}></u
  ></span>`;
}
