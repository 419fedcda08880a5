import { css } from 'lit';

/** The rail: 2 px, 6 px where a train is on it, a bar across at the end; steps on it across or down. */
export const track = css`
  .track {
    position: relative;
    block-size: 16px;
    display: block;
  }
  .track::before {
    content: '';
    position: absolute;
    inset-inline: 0;
    inset-block-start: 7px;
    block-size: var(--_rail);
    background: var(--_track);
  }
  .track > i {
    position: absolute;
    inset-inline-start: 0;
    inset-block-start: 5px;
    block-size: var(--_train);
    inline-size: var(--p, 0%);
    background: var(--_taken);
    border-radius: 3px;
    transition: inline-size var(--_move) linear;
    forced-color-adjust: none;
  }
  .track > b {
    position: absolute;
    inset-block-start: 3px;
    inset-inline-start: var(--at);
    inline-size: 2px;
    block-size: 10px;
    background: var(--_surface);
    margin-inline-start: -1px;
  }
  .track > b.ahead {
    background: var(--_track);
  }
  .track::after {
    content: '';
    position: absolute;
    inset-inline-end: 0;
    inset-block-start: 3px;
    inline-size: 2px;
    block-size: 10px;
    background: var(--_track);
  }
  .track.failed > i {
    background: var(--_stop);
  }
  .track.completed > i {
    background: var(--_clear);
  }
  .track.cancelled > i {
    background: var(--_track);
  }
  @media (forced-colors: active) {
    .track::before,
    .track::after,
    .track > b.ahead {
      background: CanvasText;
    }
  }
`;
