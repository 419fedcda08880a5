import { css } from 'lit';

/** Notices and the dialog. */
export const notice = css`
  .notice {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    gap: 2px 12px;
    padding: 12px 16px;
    padding-inline-start: 13px;
    background: var(--_stop-tint);
    border-inline-start: 3px solid var(--_stop);
    overflow-wrap: anywhere;
  }
  .notice > .lamp {
    margin-block-start: 2px;
  }
  .notice > :not(.lamp) {
    grid-column: 2;
  }
  .notice.caution {
    background: var(--_caution-tint);
    border-color: var(--_caution);
  }
  dialog {
    max-inline-size: min(440px, calc(100vw - 32px));
    padding: 24px;
    color: var(--_ink);
    background: var(--_surface);
    border: 1px solid var(--_track);
    border-radius: var(--_radius-2);
    font: 400 var(--_text) / 20px var(--_font);
  }
  dialog::backdrop {
    background: rgb(10 15 13 / 50%);
  }
  dialog h2 {
    font-size: var(--_text-lg);
    line-height: 24px;
    font-weight: 600;
    margin-block-end: 16px;
    text-wrap: balance;
  }
  dialog .row {
    justify-content: flex-end;
  }
`;
