import { html, nothing, type TemplateResult } from 'lit';
import type { Operation } from '../../client/contract.js';
import { customProperties } from '../custom-properties.js';
import { clock, duration } from '../durations.js';
import { type Aspect, lamp } from '../lamp/lamp.js';
import { type Station, type StationState, ticksOf } from './stations.js';

/** More than this never fit across. */
const fewSteps = 7;

const words: Record<StationState, string> = {
  past: 'done',
  now: 'running',
  bad: 'stopped here',
  skipped: 'not needed',
  ahead: 'not yet',
};

function aspectOf(station: Station, operation: Operation): Aspect {
  if (station.state === 'bad') return operation.status === 'cancelled' ? 'cancelled' : 'failed';
  if (station.state === 'now') return 'turning';
  return station.state === 'past' ? 'completed' : 'idle';
}

function timeOf({ state, durationMs }: Station, ended: boolean): string | typeof nothing {
  if (state === 'skipped') return words.skipped;
  if (state === 'ahead') return ended ? 'not reached' : nothing;
  if (durationMs === null) return nothing;
  return state === 'now' ? clock(durationMs) : duration(durationMs);
}

function station(item: Station, operation: Operation): TemplateResult {
  const time = timeOf(item, operation.completedAt !== null);
  return html`<li class=${item.state} aria-current=${item.state === 'now' ? 'step' : nothing}>
    ${lamp(aspectOf(item, operation), { label: words[item.state] })}<span class="t">${item.title}</span>
    <span class="d ${item.durationMs === null ? '' : 'mono'}">${time}</span>
  </li>`;
}

const columnsOf = (items: readonly Station[]): string =>
  items.map(({ weight }) => `minmax(96px, ${weight}fr)`).join(' ');

/** Both forms of the line; the container's width shows one of them. Needs `stations` styles in an inline-size container. */
export function stepLine(items: readonly Station[], operation: Operation): TemplateResult {
  const few = items.length <= fewSteps ? 'few' : '';
  const rows = items.map((item) => station(item, operation));
  return html`<ol class="stations down ${few} ${operation.status}">
      ${rows}
    </ol>
    ${
      few
        ? html`<ol
            class="stations across few ${operation.status}"
            ${customProperties({ '--columns': columnsOf(items) })}
          >
            ${rows}
          </ol>`
        : nothing
    }`;
}

/** The thin rail with a tick where each step begins. */
export function stepTrack(items: readonly Station[], operation: Operation): TemplateResult {
  const { progress, status } = operation;
  return html`<span class="track ${status}" ${customProperties({ '--p': `${progress}%` })}
    ><i></i>${ticksOf(items).map(
      (at) => html`<b class=${at > progress ? 'ahead' : ''} ${customProperties({ '--at': `${at}%` })}></b>`,
    )}</span
  >`;
}
