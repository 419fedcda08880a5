import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { control } from '../../styles/control.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { tokens } from '../../styles/tokens.styles.js';

export const logStyles = [
  tokens,
  base,
  lampStyles,
  control,
  css`
    :host {
      display: block;
    }
    .log {
      background: var(--_sunken);
      font: 400 var(--_text-sm) / 20px var(--_mono);
      font-variant-ligatures: none;
      overflow: auto;
      overscroll-behavior: contain;
      padding-block: 8px;
      max-block-size: var(--signalbox-log-height, 336px);
      min-block-size: 56px;
      color: var(--_ink);
      direction: ltr;
      text-align: left;
    }
    .log:focus-visible {
      outline-offset: -2px;
    }
    .block:not(:last-child) {
      content-visibility: auto;
      contain-intrinsic-size: auto 2000px;
    }
    .block > div {
      display: grid;
      grid-template-columns: 9ch minmax(0, 1fr);
      gap: 2ch;
      padding-inline: 16px;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    time {
      color: var(--_ink-3);
      user-select: none;
    }
    .in span {
      font-weight: 600;
    }
    .in span::before {
      content: '› ';
      color: var(--_ink-3);
    }
    .err span {
      color: var(--_stop);
    }
    .note span {
      color: var(--_ink-2);
    }
    .step span {
      font-family: var(--_font);
      color: var(--_ink-2);
      display: flex;
      align-items: center;
      gap: 2ch;
    }
    .step span::after {
      content: '';
      flex: 1;
      border-block-start: 1px solid var(--_line);
    }
    .foot {
      display: flex;
      align-items: center;
      gap: 4px 12px;
      flex-wrap: wrap;
      padding: 8px 16px;
      border-block-start: 1px solid var(--_line);
      font-size: var(--_text-sm);
      color: var(--_ink-2);
    }
    .foot .end {
      margin-inline-start: auto;
      display: inline-flex;
      align-items: center;
      gap: 6px;
    }
    .foot .btn {
      font-size: var(--_text-sm);
    }
  `,
];
