import { html, type TemplateResult } from 'lit';

/** What an address that leads nowhere, or to what one may not see, shows. */
export function missing(sentence: string): TemplateResult {
  return html`<div class="head">
      <div>
        <p class="crumb"><a href="#/">Fleet</a></p>
        <h1>Nothing here</h1>
      </div>
    </div>
    <section class="panel body stack">
      <p>${sentence} It may have been removed, or it is not shared with you.</p>
      <p><a class="btn" href="#/">Back to the fleet</a></p>
    </section>`;
}
