import { css } from 'lit';

/** The button that starts an operation, in all its states. */
export const firstControl = css`
  .btn {
    position: relative;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: var(--_control);
    padding: 0 12px;
    font: 500 var(--_text) / 20px var(--_font);
    font-variant-numeric: tabular-nums;
    color: var(--_ink);
    background: var(--_surface);
    border: 1px solid var(--_track);
    border-radius: var(--_radius-1);
    cursor: pointer;
    white-space: nowrap;
    overflow: hidden;
    text-decoration: none;
    transition: background-color var(--_quick);
  }
  .btn:hover {
    background: var(--_sunken);
  }
  .btn.primary {
    background: var(--_action);
    color: var(--_on-action);
    border-color: var(--_action);
  }
  .btn.primary:hover {
    background: color-mix(in srgb, var(--_action) 86%, var(--_surface));
  }
  .btn.busy {
    cursor: default;
    color: var(--_ink);
    border-color: var(--_taken);
    background: var(--_taken-tint);
  }
  .btn.busy::after {
    content: '';
    position: absolute;
    inset-block-end: 0;
    inset-inline-start: 0;
    block-size: 3px;
    inline-size: var(--p, 0%);
    background: var(--_taken);
    transition: inline-size var(--_move) linear;
  }
  .btn.done {
    color: var(--_ink);
    border-color: var(--_clear);
    background: var(--_clear-tint);
  }
  .btn.failed {
    color: var(--_ink);
    border-color: var(--_stop);
    background: var(--_stop-tint);
  }
  .btn.barred {
    color: var(--_ink-3);
    background: var(--_sunken);
    border-color: var(--_line);
    cursor: default;
  }
  .btn .rem {
    color: var(--_ink-2);
    font-weight: 400;
  }
  @media (forced-colors: active) {
    .btn.primary {
      border: 2px solid ButtonText;
    }
    .btn.busy {
      border-style: dashed;
    }
    .btn.busy::after {
      forced-color-adjust: none;
    }
  }
`;
