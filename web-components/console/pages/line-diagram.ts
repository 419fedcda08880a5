import { html, nothing, type TemplateResult } from 'lit';
import { lamp, type Aspect, aspectOf } from '../../elements/lamp/lamp.js';
import { addressOf } from '../route.js';
import type { FleetLine, Group } from './fleet-lines.js';

/** Above this the clear ones become a count. */
const drawnAtMost = 200;

export const groupWords: Record<Group, string> = { needs: 'failed', running: 'running', clear: 'clear' };

export function aspectOfLine({ group, now }: FleetLine): Aspect {
  if (group === 'clear' || !now) return 'idle';
  return group === 'needs' ? 'failed' : aspectOf(now);
}

function stop(line: FleetLine): TemplateResult {
  const { connection, group, now } = line;
  const label = `${connection.name}: ${groupWords[group]}`;
  return html`<li class=${group}>
    <a href=${addressOf(connection)} title=${connection.name}>
      ${lamp(aspectOfLine(line), { percent: now?.progress ?? 0, label })}
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

function legend(lines: readonly FleetLine[]): TemplateResult {
  const aspects: [Group, Aspect][] = [
    ['needs', 'failed'],
    ['running', 'running'],
    ['clear', 'idle'],
  ];
  return html`<p class="legend">
    ${aspects.map(([group, aspect]) => {
      const amount = lines.filter((line) => line.group === group).length;
      return amount ? html`<span>${lamp(aspect, { percent: 40 })} ${groupWords[group]} ${amount}</span>` : nothing;
    })}
    <span class="muted">Lines by platform</span>
  </p>`;
}

/** Every connection as a lamp on the line of its platform. */
export function lineDiagram(lines: readonly FleetLine[]): TemplateResult {
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
