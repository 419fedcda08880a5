/** The lists of the page: what else waits for somebody, and what is planned next. */
import { html, nothing, type TemplateResult } from 'lit';
import { type ExpiryLine, type Standing } from '../../elements/expiry/line.js';
import { labelOf, reasonOf } from '../../elements/expiry/words.js';
import { type Aspect, lamp } from '../../elements/lamp/lamp.js';
import { addressOf } from '../route.js';
import { plannedMoment } from './words.js';

const aspects: Partial<Record<Standing, Aspect>> = { expired: 'failed', wrong: 'due', unplanned: 'due' };

function needing(line: ExpiryLine, now: number): TemplateResult {
  const { certificate, standing, amiss } = line;
  const { connection } = certificate;
  return html`<li>
    ${lamp(aspects[standing] ?? 'due')}
    <span>
      <a class="strong" href=${addressOf(connection)}>${connection.name}</a>
      <span class="what">${labelOf(line, now, false)}</span>
      ${standing === 'wrong' && amiss ? html`<span class="why">${amiss.failure}</span>` : nothing}
    </span>
    ${
      connection.role === 'admin'
        ? html`<a class="btn" href="${addressOf(connection)}/certificate"
            ><span
              >${certificate.wanted ? 'Settings' : 'Set up…'}<span class="vh"> of ${connection.name}</span></span
            ></a
          >`
        : nothing
    }
  </li>`;
}

/** What has expired, serves something else than wanted, or ends with nothing planned. */
export function needingPanel(lines: readonly ExpiryLine[], now: number): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<section class="panel clip" aria-labelledby="needing">
    <header><h2 id="needing">To see to</h2></header>
    <ul class="renewals">
      ${lines.map((line) => needing(line, now))}
    </ul>
  </section>`;
}

function coming(line: ExpiryLine, now: number): TemplateResult {
  const { connection, names } = line.certificate;
  const [moment, zone] = plannedMoment(line, now);
  const more = names.length > 1 ? `${names.length} names` : (names[0] ?? '');
  return html`<li>
    ${lamp('pending')}
    <span>
      <a class="strong" href=${addressOf(connection)}>${connection.name}</a>
      <span class="what"><bdi>${more}</bdi></span>
      <span class="why">${reasonOf(line)}</span>
    </span>
    <span class="when">${moment} <span>${zone}</span></span>
  </li>`;
}

export interface Coming {
  /** The soonest first. */
  lines: readonly ExpiryLine[];
  now: number;
  /** How many are shown; the rest when they are asked for. */
  most: number;
  showAll(): void;
}

/** What renews next, when and why. */
export function comingPanel({ lines, now, most, showAll }: Coming): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<section class="panel clip" aria-labelledby="coming">
    <header>
      <h2 id="coming">Next planned</h2>
      <span class="muted sm end">when the CA suggests it, else with a third of the lifetime left</span>
    </header>
    <ol class="renewals">
      ${lines.slice(0, most).map((line) => coming(line, now))}
    </ol>
    ${
      lines.length > most
        ? html`<p class="foot">
            <button type="button" class="btn quiet" @click=${showAll}>Show all ${lines.length}</button>
          </p>`
        : nothing
    }
  </section>`;
}
