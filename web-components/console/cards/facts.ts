/** How a connection is reached, and what the user may do with it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Connection } from '../../../server/connections/contract.js';
import { when } from '../../elements/moments.js';
import { lamp } from '../../elements/lamp/lamp.js';

const oldAlgorithms = html`<p class="row sm t-caution">
  ${lamp('due')} Old algorithms are allowed on this connection.
</p>`;

export function factsCard(connection: Connection): TemplateResult {
  const { hasPassword, hasPrivateKey, services, role, createdAt, updatedAt } = connection;
  const ways = [hasPassword && 'password', hasPrivateKey && 'private key'].filter(Boolean);
  return html`<section class="panel" aria-labelledby="facts">
    <header><h2 id="facts">Facts</h2></header>
    <div class="body stack">
      ${connection.legacyAlgorithms ? oldAlgorithms : nothing}
      <dl class="facts sm">
        <dt>Signs in by</dt>
        <dd>${ways.length ? ways.join(' and ') : 'nothing yet: no credentials are stored'}</dd>
        ${
          services.length > 0
            ? html`<dt>Services</dt>
                <dd>${services.join('\n')}</dd>`
            : nothing
        }
        <dt>Your role</dt>
        <dd>${role}</dd>
        <dt>Added</dt>
        <dd>${when(createdAt, Date.now())}</dd>
        <dt>Changed</dt>
        <dd>${when(updatedAt, Date.now())}</dd>
      </dl>
    </div>
  </section>`;
}
