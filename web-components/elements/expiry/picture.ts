import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { msg, str } from '../../localisation/door.js';
import { customProperties } from '../custom-properties.js';
import { lamp } from '../lamp/lamp.js';
import { type Axis, percentOf, ticksOf } from './axis.js';
import type { ExpiryLine } from './line.js';
import { dateOf } from './moments.js';
import { type Opening, row } from './row.js';

/** A time in which nothing may be changed: the host page's own, drawn over the timeline. Times are UTC ISO 8601. */
export interface Freeze {
  from: string;
  until: string;
  /** “Christmas”; what it is called where it has a name. */
  label?: string;
}

/** So many are drawn at once; of more, only those in sight are. */
const fewLines = 60;

const at = (percent: number): Record<`--${string}`, string> => ({ '--x': `${percent.toFixed(2)}%` });

function frozen({ from, until }: Freeze, axis: Axis): TemplateResult | typeof nothing {
  const [start, end] = [percentOf(axis, Date.parse(from)), percentOf(axis, Date.parse(until))];
  if (!(end > start)) return nothing;
  return html`<i class="freeze" ${customProperties({ ...at(start), '--w': `${(end - start).toFixed(2)}%` })}></i>`;
}

/** What the hatches mean, for those who cannot see them. */
function frozenWords(freezes: readonly Freeze[], axis: Axis): TemplateResult[] {
  return freezes
    .filter(({ until }) => Date.parse(until) > axis.now)
    .map(({ from, until, label }) => {
      const [start, end] = [dateOf(Date.parse(from)), dateOf(Date.parse(until))];
      const sentence = label
        ? msg(str`Change freeze ${label}: ${start} to ${end}.`)
        : msg(str`Change freeze: ${start} to ${end}.`);
      return html`<p class="vh frozen">${sentence}</p>`;
    });
}

function grid(axis: Axis, freezes: readonly Freeze[]): TemplateResult {
  const ticks = ticksOf(axis);
  const gap = `${((ticks[1]?.at ?? 100) - (ticks[0]?.at ?? 0)).toFixed(2)}%`;
  return html`<div class="grid" aria-hidden="true">
      ${freezes.map((freeze) => frozen(freeze, axis))}
      ${ticks.map((tick) => html`<i ${customProperties(at(tick.at))}></i>`)}
      <i class="today"></i>
    </div>
    <div class="axis" aria-hidden="true" ${customProperties({ '--gap': gap })}>
      <span class="today">${msg('Today')}</span>
      ${ticks.map((tick) => html`<span class="tick" ${customProperties(at(tick.at))}>${tick.label}</span>`)}
    </div>`;
}

/** The timeline: an axis, and a rail for each certificate. */
export function picture(
  lines: readonly ExpiryLine[],
  axis: Axis,
  freezes: readonly Freeze[],
  opening: Opening,
): TemplateResult {
  return html`<div class="timeline" part="timeline">
    ${frozenWords(freezes, axis)} ${grid(axis, freezes)}
    <ol class=${lines.length > fewLines ? 'many' : ''}>
      ${repeat(
        lines,
        ({ certificate }) => certificate.connection.id,
        (line) => row(line, axis, opening),
      )}
    </ol>
  </div>`;
}

const stop = html`<svg class="sign" viewBox="0 0 18 14" aria-hidden="true">
  <path d="M0 7h16M16 1v12" fill="none" stroke="currentColor" stroke-width="2.5" />
</svg>`;
const hatch = html`<svg class="sign" viewBox="0 0 18 14" aria-hidden="true">
  <path d="M1 13L7 1M7 13L13 1M13 13L18 3" fill="none" stroke="currentColor" />
</svg>`;

/** What the signs mean. */
export function legend(freezes: readonly Freeze[]): TemplateResult {
  return html`<span class="legend end" aria-hidden="true">
    <span>${stop} ${msg('ends')}</span><span>${lamp('pending')} ${msg('renewal planned')}</span>
    ${freezes.length > 0 ? html`<span>${hatch} ${msg('change freeze')}</span>` : nothing}
  </span>`;
}
