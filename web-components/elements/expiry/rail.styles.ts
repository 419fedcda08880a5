import { css } from 'lit';

/** One rail: the line to its end, the buffer stop or the arrow, the lamp, and the words. */
export const railStyles = css`
  .rail {
    position: relative;
    display: block;
    min-block-size: 16px;
    /* In the middle of the name's line, whatever stands beneath. */
    margin-block-start: calc((var(--name) - 16px) / 2);
    color: var(--_ink-2);
  }
  .rail .line {
    position: absolute;
    inset-inline-start: 0;
    inset-block-start: 7px;
    inline-size: var(--end);
    block-size: var(--_rail);
    background: var(--_track);
    forced-color-adjust: none;
  }
  .rail .buffer {
    position: absolute;
    inset-inline-start: var(--end);
    inset-block-start: 2px;
    inline-size: 3px;
    block-size: 12px;
    margin-inline-start: -1px;
    background: currentColor;
    forced-color-adjust: none;
  }
  .rail.beyond .buffer {
    inline-size: 8px;
    block-size: 8px;
    inset-block-start: 4px;
    margin-inline-start: -8px;
    background: none;
    border-block-start: 2px solid currentColor;
    border-inline-end: 2px solid currentColor;
    rotate: 45deg;
  }
  :host(:dir(rtl)) .rail.beyond .buffer {
    rotate: -45deg;
  }
  .rail.unknown .buffer {
    display: none;
  }
  .rail .lamp {
    position: absolute;
    z-index: 1;
    inset-inline-start: var(--x);
    inset-block-start: 0;
    margin-inline-start: -8px;
    --under: var(--_surface);
  }
  /* Behind the stop, as far as the panel goes. */
  .rail em {
    position: relative;
    display: block;
    inline-size: fit-content;
    margin-inline: calc(var(--end) + 8px) calc(-1 * var(--room));
    padding-inline: 2px;
    line-height: 16px;
    font-size: var(--_text-xs);
    font-style: normal;
    text-wrap: balance;
    background: var(--_surface);
  }
  .rail.unknown em {
    margin-inline-start: calc(var(--x) + 12px);
  }
  /* Beneath, ending where the stop is. */
  .rail.under em {
    margin-block-start: 17px;
    margin-inline: auto calc(100% - var(--end));
    text-align: end;
  }
  .rail.stop {
    color: var(--_stop);
  }
  .rail.caution {
    color: var(--_caution);
  }
  .rail.taken {
    color: var(--_taken);
  }
  @media (forced-colors: active) {
    .rail .line {
      background: CanvasText;
    }
  }
  @container (max-width: 640px) {
    .rail {
      margin-block-start: 0;
    }
    .rail em,
    .rail.under em,
    .rail.unknown em {
      margin: 17px 0 0;
      margin-inline-start: 6px;
      padding-inline-end: 0;
      text-align: start;
    }
  }
`;
