import { html, type TemplateResult } from 'lit';

/** The question that some types ask before they start; the browser's own modal dialog keeps the focus and gives it back. */
export function question(text: string, action: string, answer: (yes: boolean) => void): TemplateResult {
  const close = (event: Event): void => answer((event.currentTarget as HTMLDialogElement).returnValue === 'yes');
  return html`<dialog part="dialog" aria-labelledby="question" @close=${close}>
    <form method="dialog">
      <h2 id="question">${text}</h2>
      <div class="row">
        <button class="btn" value="no" autofocus>Not now</button>
        <button class="btn primary" value="yes">${action}</button>
      </div>
    </form>
  </dialog>`;
}
