import { html, type nothing, type TemplateResult } from 'lit';

/** No region: who listens is told of what happens, not of how it came here. */
export const staleLine = (lamp: TemplateResult | typeof nothing, words: string): TemplateResult =>
  html`<p class="stale">${lamp} <span>${words}</span></p>`;
