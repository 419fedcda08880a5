import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { control } from '../../styles/control.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { panel } from '../../styles/panel.styles.js';
import { tokens } from '../../styles/tokens.styles.js';
import { railStyles } from './rail.styles.js';
import { timelineStyles } from './timeline.styles.js';

export const expiryStyles = [
  tokens,
  base,
  lampStyles,
  control,
  panel,
  timelineStyles,
  railStyles,
  css`
    :host {
      display: block;
      container-type: inline-size;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 16px;
      font-size: var(--_text-sm);
      color: var(--_ink-2);
    }
    .legend > span {
      display: inline-flex;
      align-items: center;
      gap: 6px;
    }
    .sign {
      inline-size: 18px;
      block-size: 14px;
    }
    :host(:dir(rtl)) .sign {
      scale: -1 1;
    }
    .empty {
      padding: 16px;
      color: var(--_ink-2);
    }
    .empty .lamp {
      margin-inline-end: 4px;
    }
    .stale {
      padding: 8px 16px 0;
    }
    footer {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 16px;
      padding: 8px 16px;
      border-block-start: 1px solid var(--_line);
      font-size: var(--_text-sm);
      color: var(--_ink-2);
    }
    .link,
    .name {
      all: unset;
      cursor: pointer;
      color: var(--_ink);
    }
    .link {
      min-block-size: max(24px, calc(var(--_control) - 8px));
      display: inline-flex;
      align-items: center;
      text-decoration: underline;
      text-decoration-color: var(--_track);
      text-underline-offset: 3px;
    }
    :is(.link, .name):hover {
      text-decoration: underline;
      text-decoration-color: currentColor;
      text-underline-offset: 3px;
    }
    :is(.link, .name):focus-visible {
      outline: 2px solid var(--_focus);
      outline-offset: 2px;
      border-radius: var(--_radius-1);
    }
    table {
      inline-size: 100%;
      border-collapse: collapse;
    }
    :is(th, td) {
      padding: 7px 8px;
      text-align: start;
      vertical-align: top;
      font-weight: 400;
      border-block-start: 1px solid var(--_line);
      overflow-wrap: anywhere;
    }
    :is(th, td):first-child {
      padding-inline-start: 16px;
    }
    :is(th, td):last-child {
      padding-inline-end: 16px;
    }
    thead th {
      border: 0;
      font-size: var(--_text-xs);
      color: var(--_ink-3);
    }
    tbody th .name {
      font-weight: 500;
    }
    td.names {
      color: var(--_ink-2);
    }
    tbody :is(th, .at) {
      white-space: nowrap;
    }
    td.state {
      padding-inline-start: 32px;
      text-indent: -24px;
    }
    td.state bdi {
      margin-inline-start: 4px;
    }
    @container (max-width: 860px) {
      .names {
        display: none;
      }
    }
    thead th {
      overflow-wrap: normal;
    }
    @container (max-width: 560px) {
      .plan {
        display: none;
      }
      tbody :is(th, .at) {
        white-space: normal;
      }
      table {
        table-layout: fixed;
      }
      thead th:first-child {
        inline-size: 30%;
      }
      thead th:nth-child(3) {
        inline-size: 24%;
      }
      :is(th, td) {
        font-size: var(--_text-sm);
      }
    }
  `,
];
