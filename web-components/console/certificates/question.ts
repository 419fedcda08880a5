/** The dialog that asks before something is lost. */
import { html, type TemplateResult } from 'lit';
import { isYes } from '../../elements/button/question.js';

export interface Question {
  /** Of the dialog, so that several can stand on a page. */
  id: string;
  title: string;
  text: string | TemplateResult;
  yes: string;
  no?: string;
  agreed(form: HTMLFormElement): void;
}

export function questionDialog({ id, title, text, yes, no = 'Not now', agreed }: Question): TemplateResult {
  const answered = (event: SubmitEvent): void => {
    if (isYes(event)) agreed(event.target as HTMLFormElement);
  };
  return html`<dialog id=${id} aria-labelledby="${id}-title">
    <form method="dialog" class="stack" @submit=${answered}>
      <h2 id="${id}-title">${title}</h2>
      ${typeof text === 'string' ? html`<p>${text}</p>` : text}
      <div class="row">
        <button class="btn" value="no" autofocus>${no}</button>
        <button class="btn danger" value="yes">${yes}</button>
      </div>
    </form>
  </dialog>`;
}
