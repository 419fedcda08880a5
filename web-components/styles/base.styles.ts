import { css } from 'lit';

/** Type, links, focus and the few words that every element's markup shares. */
export const base = css`
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
  :where(h1, h2, h3, p, ol, ul, dl, dd) {
    margin: 0;
    padding: 0;
  }
  :where(ol, ul) {
    list-style: none;
  }
  /* On a page that reads from the right an English sentence keeps its full stop at its own end, and stands at the right. */
  :host(:dir(rtl)) {
    text-align: right;
  }
  :host(:dir(rtl)) :where(h1, h2, h3, p, li, dt, dd, span, strong) {
    unicode-bidi: plaintext;
  }
  .mono {
    font-family: var(--_mono);
    font-size: 0.929em;
    font-variant-ligatures: none;
  }
  .muted {
    color: var(--_ink-3);
  }
  .soft {
    color: var(--_ink-2);
  }
  .sm {
    font-size: var(--_text-sm);
  }
  .strong {
    font-weight: 600;
  }
  .vh {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    flex-wrap: wrap;
  }
  .grow {
    flex: 1 1 0;
    min-inline-size: 0;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    align-content: start;
    min-inline-size: 0;
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
    border-radius: var(--_radius-1);
  }
`;
