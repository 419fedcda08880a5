import { css } from 'lit';

/** The lamp: a shape for each state, coloured by its class, 16 px, aligned to the first line of text. */
export const lampStyles = css`
  .lamp {
    inline-size: var(--_lamp);
    block-size: var(--_lamp);
    flex: none;
    display: inline-block;
    vertical-align: -3px;
    color: var(--_ink-3);
    overflow: visible;
    transition: color var(--_move);
  }
  .lamp.taken {
    color: var(--_taken);
  }
  .lamp.clear {
    color: var(--_clear);
  }
  .lamp.stop {
    color: var(--_stop);
  }
  .lamp.caution {
    color: var(--_caution);
  }
  .lamp.idle {
    color: var(--_track);
  }
  .lamp .hole {
    stroke: var(--_on-lamp);
    fill: none;
  }
  .lamp .dot {
    fill: var(--_on-lamp);
  }
  .lamp .under {
    fill: var(--under, none);
  }
  .lamp .turn {
    transform-origin: 8px 8px;
    animation: turn var(--_turn) linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(360deg);
    }
  }
`;
