/** What a page shows until its first answer: that it reads, or what is in the way. */
import { html, type TemplateResult } from 'lit';
import { problemSentence } from '../elements/words.js';
import { lamp } from '../elements/lamp/lamp.js';
import type { Loaded } from './loaded.js';

export function reading(loaded: Pick<Loaded<unknown>, 'problem' | 'reload'>, words: string): TemplateResult {
  if (!loaded.problem) return html`<p class="soft late" role="status">${words}</p>`;
  return html`<div class="notice" role="alert">
    ${lamp('failed')}
    <p>${problemSentence(loaded.problem)}</p>
    <p><button type="button" class="btn" @click=${() => void loaded.reload()}>Try again</button></p>
  </div>`;
}
