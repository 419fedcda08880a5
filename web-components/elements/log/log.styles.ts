import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { control } from '../../styles/control.styles.js';
import { head } from '../../styles/head.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { tokens } from '../../styles/tokens.styles.js';
import { lineStyles } from './line.styles.js';
import { toolStyles } from './tools.styles.js';

export const logStyles = [
  tokens,
  base,
  lampStyles,
  control,
  head,
  toolStyles,
  lineStyles,
  css`
    :host {
      display: block;
      container-type: inline-size;
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
    }
    .log:focus-visible {
      outline-offset: -2px;
    }
    .nothing {
      padding: 10px 16px;
      font-family: var(--_font);
      color: var(--_ink-2);
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
    }
    .foot .btn {
      font-size: var(--_text-sm);
    }
    .standing {
      display: inline-flex;
      align-items: center;
      gap: 6px;
    }
    @media (forced-colors: active) {
      .log {
        border-block: 1px solid CanvasText;
      }
    }
  `,
];
