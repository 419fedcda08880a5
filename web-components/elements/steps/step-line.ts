import { html, nothing, type TemplateResult } from 'lit';
import type { Operation } from '../../client/contract.js';
import { customProperties } from '../custom-properties.js';
import { msg } from '../../localisation/door.js';
import { clock, duration } from '../durations.js';
import { type Aspect, lamp } from '../lamp/lamp.js';
import type { Station, StationState } from './stations.js';

export { stepTrack } from './step-track.js';

/** More than this never fit across. */
const fewSteps = 7;

/** What a screen reader says of a station's lamp. */
function wordOf(state: StationState): string {
  if (state === 'past') return msg('done');
  if (state === 'now') return msg('running');
  if (state === 'bad') return msg('stopped here');
  return state === 'skipped' ? msg('not needed') : msg('not yet');
}

function aspectOf(station: Station, operation: Operation): Aspect {
  if (station.state === 'bad') return operation.status === 'cancelled' ? 'cancelled' : 'failed';
  if (station.state === 'now') return 'turning';
  return station.state === 'past' ? 'completed' : 'idle';
}

function timeOf({ state, durationMs }: Station, ended: boolean): string | typeof nothing {
  if (state === 'skipped') return wordOf(state);
  if (state === 'ahead') return ended ? msg('not reached') : nothing;
  if (durationMs === null) return nothing;
  return state === 'now' ? clock(durationMs) : duration(durationMs);
}

function station(item: Station, operation: Operation): TemplateResult {
  const time = timeOf(item, operation.completedAt !== null);
  return html`<li class=${item.state} aria-current=${item.state === 'now' ? 'step' : nothing}>
    ${lamp(aspectOf(item, operation), { label: wordOf(item.state) })}<span class="t">${item.title}</span>
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
