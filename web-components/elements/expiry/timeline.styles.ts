import { css } from 'lit';

/** The axis, the lines of the months, the freezes, and a row's place among them. */
export const timelineStyles = css`
  .timeline {
    position: relative;
    --name: 24px;
    --names: clamp(120px, 22cqi, 208px);
    /* Room behind the last day for the words at a stop. */
    --room: 132px;
    padding: 0 16px 12px;
  }
  .axis,
  .grid {
    margin-inline: var(--names) var(--room);
  }
  .axis {
    position: relative;
    block-size: 32px;
    font-size: var(--_text-xs);
    color: var(--_ink-3);
  }
  .axis span {
    position: absolute;
    inset-inline-start: var(--x, 0%);
    inset-block-start: 8px;
    line-height: 16px;
    margin-inline-start: 5px;
    white-space: nowrap;
  }
  /* Where it would touch “Today”, leave the panel, or be too near to its neighbour, a label has no width: each second one goes first. */
  .axis .tick {
    --fits: min(var(--x) - 5em, 100% + var(--room) - var(--x) - 5em);
    max-inline-size: clamp(0px, var(--fits) * 999, 9em);
    overflow: hidden;
  }
  .axis .tick:nth-of-type(odd) {
    --fits: min(var(--x) - 5em, 100% + var(--room) - var(--x) - 5em, var(--gap) - 5em);
  }
  .axis .today {
    color: var(--_ink);
    font-weight: 600;
  }
  .grid {
    position: absolute;
    inset-block: 8px 12px;
    inset-inline: 16px;
    pointer-events: none;
  }
  .grid i {
    position: absolute;
    inset-inline-start: var(--x, 0%);
    inset-block: 0;
    border-inline-start: 1px solid var(--_line);
  }
  .grid .today {
    border-inline-start: 2px solid var(--_ink);
  }
  .grid .freeze {
    border: 0;
    inline-size: var(--w);
    background: repeating-linear-gradient(135deg, var(--_line) 0 1px, transparent 1px 6px);
  }
  .timeline li {
    position: relative;
    display: grid;
    grid-template-columns: var(--names) minmax(0, 1fr) var(--room);
    align-items: start;
    padding-block: 4px;
  }
  .timeline .many li {
    content-visibility: auto;
    contain-intrinsic-size: auto 24px;
  }
  .timeline .name {
    min-block-size: var(--name);
    padding-inline-end: 12px;
    line-height: var(--name);
    overflow-wrap: anywhere;
  }
  .timeline li:not(.calm, .renewing) .name {
    font-weight: 600;
  }
  @media (forced-colors: active) {
    .grid i {
      border-inline-start-style: dotted;
    }
    .grid .freeze {
      border-inline: 1px dashed CanvasText;
    }
    .grid .today {
      border-inline-start: 2px solid CanvasText;
    }
  }
  @media (pointer: coarse) {
    .timeline {
      --name: 44px;
    }
  }
  @container (max-width: 640px) {
    .timeline {
      --names: 0px;
      --room: 0px;
    }
    .timeline li {
      grid-template-columns: minmax(0, 1fr);
      /* A row is contained: what stands over its edges needs to be inside. */
      margin-inline: -10px;
      padding: 6px 10px;
    }
    .timeline .many li {
      contain-intrinsic-size: auto 57px;
    }
    .timeline .name {
      padding-inline-start: 8px;
    }
  }
`;
