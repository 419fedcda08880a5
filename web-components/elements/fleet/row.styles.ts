import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { control } from '../../styles/control.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { tokens } from '../../styles/tokens.styles.js';
import { track } from '../../styles/track.styles.js';

/** The container is the fleet around; its columns reach in by `--_columns`. */
export const rowStyles = [
  tokens,
  base,
  lampStyles,
  control,
  track,
  css`
    :host {
      display: block;
      border-block-start: 1px solid var(--_line);
    }
    .cells {
      position: relative;
      display: grid;
      grid-template-columns: var(--_columns);
      align-items: start;
    }
    :host(:hover) .cells {
      background: color-mix(in srgb, var(--_page) 60%, var(--_surface));
    }
    .cells > div {
      min-inline-size: 0;
      padding-block: 11px;
      padding-inline: 12px;
    }
    .cells.quiet > div {
      padding-block: 8px;
    }
    .cells > .c-lamp {
      padding-inline: 16px 12px;
    }
    .cells::before {
      content: '';
      position: absolute;
      inset-block: 0;
      inset-inline-start: 23px;
      inline-size: var(--_rail);
      background: var(--_line);
    }
    .c-lamp .lamp {
      position: relative;
      margin-block-start: 2px;
      vertical-align: top;
      --under: var(--_surface);
    }
    .cells > .c-cert {
      display: var(--_certificate-display, block);
    }
    .name {
      font-weight: 600;
      color: inherit;
      text-decoration: none;
      overflow-wrap: anywhere;
    }
    button.name {
      all: unset;
      font-weight: 600;
      cursor: pointer;
    }
    button.name:focus-visible {
      outline: 2px solid var(--_focus);
      outline-offset: 2px;
    }
    .name,
    button.name {
      display: inline-block;
      min-block-size: 24px;
      min-inline-size: 24px;
      margin-block: -2px;
      padding-block: 2px;
    }
    .name:hover {
      text-decoration: underline;
      text-underline-offset: 3px;
    }
    .host {
      display: block;
      overflow-wrap: anywhere;
    }
    .quiet .host {
      display: inline;
    }
    .c-plat,
    .c-now {
      overflow-wrap: anywhere;
    }
    .line {
      display: block;
    }
    .t-stop {
      color: var(--_stop);
    }
    .t-caution {
      color: var(--_caution);
    }
    .nowrap {
      white-space: nowrap;
    }
    .cells > .c-act {
      padding-inline-end: 16px;
      text-align: end;
    }
    .c-act .btn {
      margin-block: -6px;
      max-inline-size: 100%;
      padding: 3px 10px;
      text-align: center;
      white-space: normal;
    }
    .days {
      display: inline-grid;
      grid-template-columns: minmax(60px, max-content) 48px;
      gap: 8px;
      align-items: center;
      white-space: nowrap;
    }
    .days > u {
      position: relative;
      block-size: 12px;
      text-decoration: none;
      background: linear-gradient(var(--_line) 0 0) center / 100% 2px no-repeat;
    }
    .days > u::before {
      content: '';
      position: absolute;
      inset-block-start: 5px;
      inset-inline-start: 0;
      inline-size: var(--left);
      block-size: 2px;
      background: currentColor;
    }
    .days > u::after {
      content: '';
      position: absolute;
      inset-block-start: 1px;
      inset-inline-start: var(--left);
      inline-size: 2px;
      block-size: 10px;
      background: currentColor;
    }
    @container (max-width: 1080px) {
      .cells > .c-last {
        display: none;
      }
    }
    @container (max-width: 860px) {
      .cells > .c-plat {
        display: none;
      }
    }
    @container (max-width: 620px) {
      .cells {
        padding-block: 10px;
      }
      .cells > div,
      .cells.quiet > div {
        padding-block: 0;
      }
      .cells > .c-lamp {
        padding-inline: 16px 0;
      }
      .cells > .c-name {
        padding-inline-start: 0;
      }
      .cells > .c-act {
        grid-area: 1 / 3;
        padding-inline-start: 0;
      }
      .c-act .btn {
        margin-block: -2px;
      }
      .cells > .c-now,
      .cells > .c-cert {
        grid-column: 2 / -1;
        padding-inline: 0 16px;
        margin-block-start: 4px;
      }
      .cells.quiet > .c-now {
        margin-block-start: 0;
      }
      .cells > .c-cert:has(> .muted) {
        display: none;
      }
    }
    @media (forced-colors: active) {
      .cells::before,
      .days > u::before,
      .days > u::after {
        background: CanvasText;
      }
      .cells::before {
        opacity: 0.5;
      }
    }
  `,
];
