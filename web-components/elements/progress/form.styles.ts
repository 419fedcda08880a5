import { css } from 'lit';

/** The small form. */
export const formStyles = css`
  .small {
    display: grid;
    gap: 2px;
  }
  .small .notice {
    margin-block-start: 8px;
    border-start-end-radius: var(--_radius-1);
    border-end-end-radius: var(--_radius-1);
  }
  .message {
    color: var(--_ink-2);
    overflow-wrap: anywhere;
  }
  .small .btn {
    justify-self: start;
    margin-block-start: 8px;
  }
`;
