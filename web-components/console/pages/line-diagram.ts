import { html, nothing, type TemplateResult } from 'lit';
import { aspectOfStanding, groups, lampWords } from '../../elements/connection/standing.js';
import { countsOf, type FleetLine } from '../../elements/fleet/line.js';
import { lamp, type Aspect } from '../../elements/lamp/lamp.js';
import { addressOf } from '../route.js';

/** Above this the clear ones become a count. */
const drawnAtMost = 200;

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function stop(line: FleetLine): TemplateResult {
  const { connection, group, now } = line;
  const label = `${connection.name}: ${lampWords(group)}`;
  return html`<li class=${group}>
    <a href=${addressOf(connection)} title=${connection.name}>
      ${lamp(aspectOfStanding(line, line.isStale), { percent: now?.progress ?? 0, label })}
    </a>
    ${group === 'clear' ? nothing : html`<em aria-hidden="true">${connection.name}</em>`}
  </li>`;
}

function platformLine(platform: string, all: readonly FleetLine[], drawn: readonly FleetLine[]): TemplateResult {
  return html`<div class="dl">
    <span class="mono">${platform} <b>${all.length}</b></span>
    <ul>
      ${drawn.map(stop)}
    </ul>
  </div>`;
}

const aspects: Record<FleetLine['group'], Aspect> = {
  needs: 'failed',
  running: 'running',
  due: 'due',
  clear: 'idle',
};

function legend(lines: readonly FleetLine[]): TemplateResult {
  const counts = countsOf(lines);
  return html`<p class="legend">
    ${groups.map((group) =>
      counts[group]
        ? html`<span>${lamp(aspects[group], { percent: 40 })} ${lampWords(group)} ${counts[group]}</span>`
        : nothing,
    )}
    <span class="muted">Lines by platform</span>
  </p>`;
}

/** Every connection as a lamp on the line of its platform. */
export function lineDiagram(unsorted: readonly FleetLine[]): TemplateResult {
  const lines = [...unsorted].sort((a, b) => names.compare(a.connection.name, b.connection.name));
  const platforms = [...new Set(lines.map(({ connection }) => connection.platform))];
  const drawn = lines.length > drawnAtMost ? lines.filter(({ group }) => group !== 'clear') : lines;
  const of = (list: readonly FleetLine[], platform: string): FleetLine[] =>
    list.filter(({ connection }) => connection.platform === platform);
  return html`<section class="panel" aria-label="Every connection on its line">
    <div class="diagram">
      ${platforms.map((platform) => platformLine(platform, of(lines, platform), of(drawn, platform)))}
    </div>
    ${legend(lines)}
  </section>`;
}
