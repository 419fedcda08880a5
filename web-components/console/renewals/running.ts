/** A renewal that is under way. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { when } from '../../elements/moments.js';
import type { ExpiryLine } from '../../elements/expiry/line.js';
import { aspectOf, lamp } from '../../elements/lamp/lamp.js';
import { stationsOf } from '../../elements/steps/stations.js';
import { stepLine } from '../../elements/steps/step-line.js';
import { whoOf } from '../../elements/run-words.js';
import { addressOf } from '../route.js';

interface Running {
  line: ExpiryLine;
  operation: Operation;
  definition: PublishedDefinition | null;
  now: number;
  /** Whether all steps are shown at once. */
  open: boolean;
}

/** The live panel: what it does now, and all its steps. */
export function runningPanel({ line, operation, definition, now, open }: Running): TemplateResult {
  const { connection } = line.certificate;
  const stations = stationsOf(operation, definition, now);
  const id = `running-${connection.id}`;
  return html`<section class="panel clip" aria-labelledby=${id}>
    <header>
      ${lamp(aspectOf(operation), { percent: operation.progress })}
      <h2 id=${id}>Renewing <a href=${addressOf(connection)}>${connection.name}</a></h2>
      <span class="muted">by ${whoOf(operation)}, ${when(operation.startedAt, now)}</span>
    </header>
    <div class="body">
      <signalbox-progress .connection=${connection.id} .operation=${operation.id}></signalbox-progress>
    </div>
    ${
      stations.length > 0
        ? html`<details class="steps" ?open=${open}>
            <summary>Steps</summary>
            ${stepLine(stations, operation)}
          </details>`
        : nothing
    }
  </section>`;
}
