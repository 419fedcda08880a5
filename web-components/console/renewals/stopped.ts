/** A renewal that failed: why, what still works, and the way on. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import type { ExpiryLine } from '../../elements/expiry/line.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { when } from '../../elements/moments.js';
import { stepLine } from '../../elements/steps/step-line.js';
import { stationsOf } from '../../elements/steps/stations.js';
import { whoOf } from '../../elements/run-words.js';
import { addressOf } from '../route.js';
import { meanwhile } from './words.js';

export interface Stopped {
  line: ExpiryLine;
  definition: PublishedDefinition | null;
  now: number;
  /** What the server said of the last try; null where it said nothing against it. */
  refused: string | null;
  /** Whether all steps are shown at once. */
  open: boolean;
  retry(operation: Operation): void;
}

function steps(operation: Operation, { definition, now, open }: Stopped): TemplateResult | typeof nothing {
  const stations = stationsOf(operation, definition, now);
  if (stations.length === 0) return nothing;
  return html`<details class="steps" ?open=${open}>
    <summary>Steps</summary>
    ${stepLine(stations, operation)}
  </details>`;
}

function actions(operation: Operation, { line, retry }: Stopped): TemplateResult {
  const { connection } = line.certificate;
  return html`<p class="row">
    ${
      connection.role === 'viewer'
        ? nothing
        : html`<button type="button" class="btn primary" @click=${() => retry(operation)}>
            <span>Retry<span class="vh"> the renewal on ${connection.name}</span></span>
          </button>`
    }
    <a class="btn" href="${addressOf(connection)}/operations/${operation.id}"
      ><span>Show output<span class="vh"> of the renewal on ${connection.name}</span></span></a
    >
  </p>`;
}

/** The panel of one failed renewal; where only the schedule knows of the failure, what it says. */
export function stoppedPanel(stopped: Stopped): TemplateResult {
  const { line, now, refused } = stopped;
  const { renewal, certificate } = line;
  const { connection, next } = certificate;
  const ended = renewal && when(renewal.completedAt ?? renewal.updatedAt, now);
  const id = `stopped-${connection.id}`;
  return html`<section class="panel clip" aria-labelledby=${id}>
    <header>
      ${lamp('failed')}
      <h2 id=${id}>Renewal failed on <a href=${addressOf(connection)}>${connection.name}</a></h2>
      ${renewal ? html`<span class="muted">by ${whoOf(renewal)}, ${ended}</span>` : nothing}
      ${renewal?.error ? html`<span class="sm mono soft end">${renewal.error.code}</span>` : nothing}
    </header>
    <div class="notice">
      <p class="strong">${renewal?.error?.message ?? next?.waitsBecause ?? 'It did not say why.'}</p>
      ${renewal?.error?.hint ? html`<p>${renewal.error.hint}</p>` : nothing}
      <p class="sm soft">${meanwhile(line, now)}</p>
      ${renewal ? actions(renewal, stopped) : nothing}
      <p role="alert">${refused}</p>
    </div>
    ${renewal ? steps(renewal, stopped) : nothing}
  </section>`;
}
