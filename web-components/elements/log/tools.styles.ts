import { css } from 'lit';

/** What stands in the row above the lines: search, and what one can do with the output. */
export const toolStyles = css`
  .search {
    display: flex;
    align-items: center;
    gap: 2px;
    min-inline-size: 0;
  }
  .field {
    position: relative;
    display: block;
    min-inline-size: 0;
    flex: 1 1 184px;
  }
  .field .icon {
    position: absolute;
    inset-inline-start: 8px;
    inset-block-start: calc(50% - 8px);
    color: var(--_ink-3);
    pointer-events: none;
  }
  .icon {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
  }
  input {
    inline-size: 100%;
    min-inline-size: 0;
    block-size: var(--_control);
    margin: 0;
    padding: 0 8px;
    padding-inline-start: 32px;
    font: 400 var(--_text-sm) / 20px var(--_font);
    color: var(--_ink);
    background: var(--_surface);
    border: 1px solid var(--_track);
    border-radius: var(--_radius-1);
  }
  input::placeholder {
    color: var(--_ink-3);
    opacity: 1;
  }
  input:focus-visible {
    outline-offset: 0;
  }
  .matches {
    padding-inline: 8px 4px;
    font-size: var(--_text-sm);
    color: var(--_ink-2);
    white-space: nowrap;
  }
  .square {
    inline-size: var(--_control);
    padding: 0;
  }
  .btn:disabled {
    color: var(--_ink-3);
    cursor: default;
    opacity: 0.6;
  }
  .tight {
    gap: 0;
    margin-inline-end: -8px;
  }
  .toggle.quiet[aria-pressed='true'] {
    border-color: transparent;
    background: none;
    text-decoration: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 6px;
  }
  @media (forced-colors: active) {
    /* Buttons have borders there, and stand apart. */
    .tight {
      gap: 4px;
      margin-inline-end: 0;
    }
  }
  @container (max-width: 560px) {
    .search {
      flex: 1 1 100%;
      order: 1;
    }
  }
`;
