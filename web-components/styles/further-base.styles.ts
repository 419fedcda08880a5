import { css } from 'lit';

/** The words of markup that no page begins with. */
export const furtherBase = css`
  :where(h1, h2, h3, ol, ul, dl, dd) {
    margin: 0;
    padding: 0;
  }
  :where(ol, ul) {
    list-style: none;
  }
  :host(:dir(rtl)) :where(h1, h2, h3, li, dt, dd, strong) {
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
  .strong {
    font-weight: 600;
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
`;
