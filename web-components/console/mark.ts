import { html, type TemplateResult } from 'lit';

/** The mark: a line that branches to a lamp. */
export function mark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 26 20" aria-hidden="true">
    <path d="M0 15h26" stroke="currentColor" stroke-width="2.5" />
    <path d="M2 15h4L15 6h11" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linejoin="round" />
    <circle class="window" cx="19" cy="6" r="4.2" stroke="currentColor" stroke-width="2.5" />
  </svg>`;
}
