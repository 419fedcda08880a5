import { css } from 'lit';

/** One rail: the line to its end, the buffer stop or the arrow, the lamp, and the words. */
export const railStyles = css`
  .rail {
    position: relative;
    display: block;
    min-block-size: 16px;
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
  .rail em {
    position: absolute;
    inset-inline-start: calc(var(--end) + 8px);
    inset-block-start: 0;
    padding-inline: 2px;
    line-height: 16px;
    font-size: var(--_text-xs);
    font-style: normal;
    white-space: nowrap;
    background: var(--_surface);
  }
  .rail.unknown em {
    inset-inline-start: calc(var(--x) + 12px);
  }
  /* Beneath, ending where the stop is. */
  .rail.under em {
    position: relative;
    display: block;
    inset: auto;
    inline-size: fit-content;
    max-inline-size: 100%;
    margin-block-start: 17px;
    margin-inline-start: auto;
    margin-inline-end: calc(100% - var(--end));
    white-space: normal;
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
    .rail em,
    .rail.under em,
    .rail.unknown em {
      position: relative;
      display: block;
      inset: auto;
      margin: 17px 0 0;
      text-align: start;
      padding-inline: 8px 0;
      white-space: normal;
      background: none;
      inline-size: auto;
    }
  }
`;
