import { html, type TemplateResult } from 'lit';
import { msg, str } from '../../localisation/door.js';
import { lamp } from '../lamp/lamp.js';
import type { ExpiryLine } from './line.js';
import { dateOf, momentOf } from './moments.js';
import { aspectOf, nameOf, type Opening } from './row.js';
import { labelOf } from './words.js';

const mostNames = 3;

function names({ certificate }: ExpiryLine): string {
  const more = certificate.names.length - mostNames;
  const shown = certificate.names.slice(0, mostNames).join(', ');
  return more > 0 ? msg(str`${shown} and ${more} more`) : shown;
}

function row(line: ExpiryLine, now: number, opening: Opening): TemplateResult {
  const { endsAt, plannedAt, renewal } = line;
  return html`<tr>
    <th scope="row">${nameOf(line.certificate, opening)}</th>
    <td class="names"><bdi>${names(line)}</bdi></td>
    <td class="at"><bdi>${endsAt === null ? msg('not known') : dateOf(endsAt)}</bdi></td>
    <td class="at plan"><bdi>${plannedAt === null ? msg('not planned') : momentOf(plannedAt, now)}</bdi></td>
    <td class="state">
      ${lamp(aspectOf(line) ?? 'idle', { percent: renewal?.progress ?? 0 })} <bdi>${labelOf(line, now, false)}</bdi>
    </td>
  </tr>`;
}

/** The same as the timeline, in words and columns. */
export function table(lines: readonly ExpiryLine[], now: number, opening: Opening): TemplateResult {
  return html`<table part="table">
    <thead>
      <tr>
        <th scope="col">${msg('Connection')}</th>
        <th scope="col" class="names">${msg('Names')}</th>
        <th scope="col">${msg('Ends on')}</th>
        <th scope="col" class="plan">${msg('Renewal')}</th>
        <th scope="col">${msg('State')}</th>
      </tr>
    </thead>
    <tbody>
      ${lines.map((line) => row(line, now, opening))}
    </tbody>
  </table>`;
}
