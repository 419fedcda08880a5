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

function platformLine(platform: string, amount: number, drawn: readonly FleetLine[]): TemplateResult {
  return html`<div class="dl">
    <span class="mono">${platform} <b>${amount}</b></span>
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

const byName = (a: FleetLine, b: FleetLine): number => names.compare(a.connection.name, b.connection.name);

/** The platforms by the first name on each, with how many connections they have; thousands are not sorted for it. */
function platformsOf(lines: readonly FleetLine[]): [string, number][] {
  const platforms = new Map<string, { first: FleetLine; amount: number }>();
  for (const line of lines) {
    const known = platforms.get(line.connection.platform);
    const first = known && byName(known.first, line) <= 0 ? known.first : line;
    platforms.set(line.connection.platform, { first, amount: (known?.amount ?? 0) + 1 });
  }
  const sorted = [...platforms].sort(([, a], [, b]) => byName(a.first, b.first));
  return sorted.map(([platform, { amount }]) => [platform, amount]);
}

/** Every connection as a lamp on the line of its platform. */
export function lineDiagram(lines: readonly FleetLine[]): TemplateResult {
  const drawn = lines.filter(({ group }) => lines.length <= drawnAtMost || group !== 'clear').sort(byName);
  return html`<section class="panel" aria-label="Every connection on its line">
    <div class="diagram">
      ${platformsOf(lines).map(([platform, amount]) =>
        platformLine(
          platform,
          amount,
          drawn.filter(({ connection }) => connection.platform === platform),
        ),
      )}
    </div>
    ${legend(lines)}
  </section>`;
}
