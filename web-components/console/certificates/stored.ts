/** The certificates of a connection from their plan on, and how an admin takes one back. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CertificateView } from '../../../server/certificates/contract.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { select } from '../field.js';
import { momentHere, pairs, statusWords } from './words.js';

export type Stored = CertificateView['stored'][number];

/** Those that a CA issued and that are not revoked yet. */
const revocable = ({ status, serialNumber }: Stored): boolean => serialNumber !== null && status !== 'revoked';

function line(certificate: Stored, revoke: ((certificate: Stored) => void) | null): TemplateResult {
  const { status, serialNumber, notAfter, names, createdAt } = certificate;
  const [aspect, word] = statusWords[status];
  const about = serialNumber ? pairs(serialNumber) : names.join(', ');
  return html`<li>
    ${lamp(aspect)}
    <div class="grow">
      <p class="strong">${word.charAt(0).toUpperCase()}${word.slice(1)}</p>
      <p class="mono print">${about}</p>
      <p class="muted">${notAfter ? `until ${momentHere(notAfter)}` : `begun on ${momentHere(createdAt)}`}</p>
    </div>
    ${
      revoke && revocable(certificate)
        ? html`<button type="button" class="btn quiet" @click=${() => revoke(certificate)}>
            <span>Revoke…<span class="vh"> ${about}</span></span>
          </button>`
        : nothing
    }
  </li>`;
}

/** Newest first; `revoke` is null for those who may not. */
export function storedTemplate(
  stored: readonly Stored[],
  revoke: ((certificate: Stored) => void) | null,
): TemplateResult | typeof nothing {
  if (stored.length === 0) return nothing;
  return html`<details class="made">
    <summary>Made here <span class="muted">${stored.length === 20 ? 'the last 20' : stored.length}</span></summary>
    <ul class="checks sm">
      ${stored.map((certificate) => line(certificate, revoke))}
    </ul>
  </details>`;
}

const reasons = [
  { value: 'unspecified', label: 'No particular reason' },
  { value: 'keyCompromise', label: 'The key may be known to others' },
  { value: 'superseded', label: 'Another certificate has replaced it' },
  { value: 'cessationOfOperation', label: 'The names are no longer in use' },
];

export function revocationText(certificate: Stored | null): TemplateResult {
  const served = certificate?.status === 'served';
  return html`<p>
      The CA marks it as revoked for everyone, and nobody can undo
      that.${served ? ' It is served now: browsers may refuse the host until another one is installed.' : ''}
    </p>
    <p class="mono sm print">${certificate?.serialNumber ? pairs(certificate.serialNumber) : ''}</p>
    ${select({ name: 'reason', label: 'Reason, which the CA publishes' }, reasons, 'unspecified')}`;
}
