import { css } from 'lit';

/** Steps as stations: across where the container is wide enough and they are few, else down. */
export const stations = css`
  .stations li {
    position: relative;
    min-inline-size: 0;
  }
  .stations .lamp {
    position: absolute;
    z-index: 1;
    inset-inline-start: 0;
    --under: var(--_surface);
  }
  .stations .t {
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .stations .d {
    color: var(--_ink-3);
    font-size: var(--_text-sm);
    white-space: nowrap;
  }
  .stations li::before {
    content: '';
    position: absolute;
    background: var(--_track);
    forced-color-adjust: none;
  }
  .stations li:is(.ahead, .skipped) .t {
    font-weight: 400;
    color: var(--_ink-2);
  }
  .stations li:is(.now, .bad) .t {
    font-weight: 600;
  }
  .stations .past::before {
    background: var(--_taken);
  }
  .stations .past > .lamp {
    color: var(--_taken);
  }
  .stations.completed .past::before {
    background: var(--_clear);
  }
  .stations.completed .past > .lamp {
    color: var(--_clear);
  }
  .stations:is(.failed, .cancelled) .past::before {
    background: var(--_track);
  }
  .stations:is(.failed, .cancelled) .past > .lamp {
    color: var(--_ink-3);
  }
  .down li {
    display: flex;
    align-items: baseline;
    gap: 12px;
    padding: 5px 0;
    padding-inline-start: 28px;
  }
  .down .t {
    flex: 1;
  }
  .down .lamp {
    inset-block-start: 7px;
  }
  .down li::before {
    inset-inline-start: 7px;
    inset-block: 0;
    inline-size: var(--_rail);
  }
  .down li.past::before {
    inset-inline-start: 6px;
    inline-size: 4px;
  }
  .down:is(.failed, .cancelled) li.past::before {
    inset-inline-start: 7px;
    inline-size: var(--_rail);
  }
  .down li:first-child::before {
    inset-block-start: 14px;
  }
  .down li:last-child::before {
    inset-block-end: auto;
    block-size: 14px;
  }
  .across {
    display: none;
  }
  @container (min-width: 720px) {
    .few.down {
      display: none;
    }
    .few.across {
      display: grid;
      grid-auto-flow: column;
      grid-template-columns: var(--columns);
    }
  }
  .across li {
    padding-block-start: 26px;
    padding-inline-end: 12px;
    display: grid;
    align-content: start;
  }
  .across .lamp {
    inset-block-start: 0;
  }
  .across li::before {
    inset-inline: 0;
    inset-block-start: 7px;
    block-size: var(--_rail);
  }
  .across li.past::before {
    inset-block-start: 5px;
    block-size: var(--_train);
  }
  .across li:first-child::before {
    inset-inline-start: 8px;
  }
  .across:is(.failed, .cancelled) li.past::before {
    inset-block-start: 7px;
    block-size: var(--_rail);
  }
  .across li:last-child::after {
    content: '';
    position: absolute;
    inset-inline-end: 0;
    inset-block-start: 2px;
    inline-size: 2px;
    block-size: 12px;
    background: var(--_track);
  }
  @media (forced-colors: active) {
    .stations li::before {
      background: CanvasText;
    }
    .stations.in_progress li.past::before {
      background: Highlight;
    }
  }
`;
