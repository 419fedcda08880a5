import { css } from 'lit';

/** Buttons that no page begins with. */
export const furtherControl = css`
  .btn.quiet {
    border-color: transparent;
    background: none;
    padding: 0 8px;
  }
  .btn.quiet:hover {
    background: var(--_sunken);
  }
  .btn[aria-pressed='true'] {
    background: var(--_sunken);
    border-color: var(--_ink);
  }
`;
