import { css } from 'lit';

/** Type, focus and what every page's first picture is marked up with. */
export const firstBase = css`
  :host {
    font: 400 var(--_text) / 20px var(--_font);
    color: var(--_ink);
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :where(p) {
    margin: 0;
  }
  /* On a page that reads from the right an English sentence keeps its full stop at its own end, and stands at the right. */
  :host(:dir(rtl)) {
    text-align: right;
  }
  :host(:dir(rtl)) :where(p, span) {
    unicode-bidi: plaintext;
  }
  .soft {
    color: var(--_ink-2);
  }
  .sm {
    font-size: var(--_text-sm);
  }
  .vh {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .stale {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--_ink-2);
    font-size: var(--_text-sm);
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
    border-radius: var(--_radius-1);
  }
`;
