import { css } from 'lit';

/** Steps down a line. */
export const guideStyles = css`
  console-first-run {
    display: block;
  }
  console-first-run[whole] ~ console-fleet {
    display: none;
  }
  .panel.guide {
    margin-block-end: 16px;
    max-inline-size: 720px;
  }
  .guide li {
    position: relative;
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    gap: 12px;
    padding-block-end: 20px;
  }
  .guide li:last-child {
    padding-block-end: 0;
  }
  .guide li .lamp {
    --under: var(--_surface);
    position: relative;
    margin-block-start: 2px;
  }
  .guide li:not(:last-child)::before {
    content: '';
    position: absolute;
    inset-inline-start: 7px;
    inset-block: 18px -2px;
    inline-size: 2px;
    background: var(--_track);
  }
  .guide li.done:not(:last-child)::before {
    inset-inline-start: 5px;
    inline-size: 6px;
    background: var(--_ink-2);
  }
  .guide .stack {
    gap: 8px;
  }
  @media (forced-colors: active) {
    .guide li:not(:last-child)::before {
      background: CanvasText;
    }
  }
`;
