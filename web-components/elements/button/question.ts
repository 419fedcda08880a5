import { html, type TemplateResult } from 'lit';
import { msg } from '../../localisation/door.js';

/** Whether the button that says yes closed the dialog; Escape submits nothing. */
export function isYes({ submitter }: SubmitEvent): boolean {
  return submitter instanceof HTMLButtonElement && submitter.value === 'yes';
}

/** The question that some types ask before they start; the browser's own modal dialog keeps the focus and gives it back. */
export function question(text: string, action: string, yes: () => void): TemplateResult {
  return html`<dialog part="dialog" aria-labelledby="question">
    <form method="dialog" @submit=${(event: SubmitEvent) => isYes(event) && yes()}>
      <h2 id="question">${text}</h2>
      <div class="row">
        <button class="btn" value="no" autofocus>${msg('Not now')}</button>
        <button class="btn primary" value="yes">${action}</button>
      </div>
    </form>
  </dialog>`;
}
