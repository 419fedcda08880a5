import { css } from 'lit';

/** The lines: always from left to right, coloured by what stands for a state. */
export const lineStyles = css`
  .lines {
    direction: ltr;
    text-align: left;
  }
  .block {
    block-size: var(--block-size, calc(var(--lines) * 20px));
    overflow-anchor: none;
  }
  .block.filled {
    block-size: auto;
    overflow-anchor: auto;
  }
  .line {
    display: grid;
    grid-template-columns: 9ch minmax(0, 1fr);
    gap: 2ch;
    padding-inline: 16px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    tab-size: 8;
  }
  :host([nowrap]) .lines {
    inline-size: max-content;
    min-inline-size: 100%;
  }
  :host([nowrap]) .line {
    grid-template-columns: 9ch max-content;
    white-space: pre;
  }
  time {
    color: var(--_ink-3);
    user-select: none;
    -webkit-user-select: none;
  }
  .words {
    min-block-size: 20px;
  }
  .in .words {
    font-weight: 600;
  }
  .in .words::before {
    content: '› ';
    color: var(--_ink-3);
  }
  .err {
    color: var(--_stop);
    /* A border: where colours are forced, it is all that is left. */
    border-inline-start: 3px solid var(--_stop);
    padding-inline-start: 13px;
  }
  .note .words {
    color: var(--_ink-2);
  }
  .step .words {
    font-family: var(--_font);
    color: var(--_ink-2);
    display: flex;
    align-items: center;
    gap: 2ch;
  }
  .step .words::after {
    content: '';
    flex: 1;
    min-inline-size: 4ch;
    border-block-start: 1px solid var(--_line);
  }
  .gap {
    padding-inline: 16px;
    font-family: var(--_font);
    color: var(--_ink-3);
    user-select: none;
    -webkit-user-select: none;
  }
  .ink-ink {
    color: var(--fg, var(--_ink));
    --fg: var(--_ink);
  }
  .ink-ink-2 {
    color: var(--_ink-2);
    --fg: var(--_ink-2);
  }
  .ink-ink-3 {
    color: var(--_ink-3);
    --fg: var(--_ink-3);
  }
  .ink-taken {
    color: var(--_taken);
    --fg: var(--_taken);
  }
  .ink-clear {
    color: var(--_clear);
    --fg: var(--_clear);
  }
  .ink-stop {
    color: var(--_stop);
    --fg: var(--_stop);
  }
  .ink-caution {
    color: var(--_caution);
    --fg: var(--_caution);
  }
  .ground-taken {
    background: var(--_taken-tint);
  }
  .ground-clear {
    background: var(--_clear-tint);
  }
  .ground-stop {
    background: var(--_stop-tint);
  }
  .ground-caution {
    background: var(--_caution-tint);
  }
  .ground-ink,
  .ground-ink-2,
  .ground-ink-3 {
    background: var(--_surface);
  }
  .bold {
    font-weight: 600;
  }
  .dim:not([class*='ink-']) {
    color: var(--_ink-3);
  }
  .italic {
    font-style: italic;
  }
  .underline {
    text-decoration: underline;
  }
  .strike {
    text-decoration: line-through;
  }
  .underline.strike {
    text-decoration: underline line-through;
  }
  .inverse {
    color: var(--_sunken);
    background: var(--fg, var(--_ink));
  }
  mark,
  ::highlight(signalbox-match) {
    color: var(--_ink);
    background-color: var(--_line);
    text-decoration: underline;
  }
  mark.current,
  ::highlight(signalbox-match-current) {
    color: var(--_surface);
    background-color: var(--_ink);
    text-decoration: none;
  }
  @media (forced-colors: active) {
    .inverse,
    mark {
      forced-color-adjust: none;
      color: Canvas;
      background: CanvasText;
    }
    mark,
    ::highlight(signalbox-match) {
      color: MarkText;
      background-color: Mark;
    }
    mark.current,
    ::highlight(signalbox-match-current) {
      color: HighlightText;
      background-color: Highlight;
    }
  }
`;
