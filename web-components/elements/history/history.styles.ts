import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { control } from '../../styles/control.styles.js';
import { head } from '../../styles/head.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { panel } from '../../styles/panel.styles.js';
import { stations } from '../../styles/stations.styles.js';
import { tokens } from '../../styles/tokens.styles.js';

export const historyStyles = [
  tokens,
  base,
  control,
  lampStyles,
  panel,
  stations,
  head,
  css`
    :host {
      display: block;
      container-type: inline-size;
    }
    select {
      min-block-size: var(--_control);
      max-inline-size: 100%;
      padding-inline: 8px;
      font: 400 var(--_text-sm) / 20px var(--_font);
      color: var(--_ink);
      background: var(--_surface);
      border: 1px solid var(--_track);
      border-radius: var(--_radius-1);
    }
    .more {
      display: flex;
      align-items: center;
      flex-wrap: wrap;
      gap: 4px 12px;
      padding: 8px 16px;
      border-block-start: 1px solid var(--_line);
    }
    .more .btn {
      font-size: var(--_text-sm);
    }
    .history > li {
      border-block-start: 1px solid var(--_line);
    }
    .history > li:first-child {
      border-block-start: 0;
    }
    .entry {
      all: unset;
      box-sizing: border-box;
      inline-size: 100%;
      display: grid;
      grid-template-columns: 16px minmax(0, 1fr) auto;
      column-gap: 12px;
      padding: 8px 16px;
      cursor: pointer;
    }
    .entry:hover {
      background: color-mix(in srgb, var(--_page) 60%, var(--_surface));
    }
    .entry:focus-visible {
      outline: 2px solid var(--_focus);
      outline-offset: -2px;
    }
    .entry > .lamp {
      margin-block-start: 2px;
    }
    .what {
      font-weight: 500;
    }
    .subject {
      overflow-wrap: anywhere;
    }
    .who,
    .when {
      color: var(--_ink-3);
    }
    .when {
      text-align: end;
      white-space: nowrap;
    }
    .why {
      grid-column: 2 / -1;
      color: var(--_ink-2);
      font-size: var(--_text-sm);
      overflow-wrap: anywhere;
    }
    .details {
      padding: 4px 16px 16px;
      padding-inline-start: 44px;
    }
    .details .notice {
      border-start-end-radius: var(--_radius-1);
      border-end-end-radius: var(--_radius-1);
    }
    .details h3 {
      font-size: var(--_text-sm);
      font-weight: 600;
      margin-block-end: 4px;
    }
    .details signalbox-log {
      border: 1px solid var(--_line);
      border-radius: var(--_radius-1);
      overflow: hidden;
    }
    .output {
      max-block-size: 240px;
      margin: 0;
      padding: 8px 12px;
      overflow: auto;
      font-size: var(--_text-sm);
      line-height: 20px;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      background: var(--_sunken);
      border-radius: var(--_radius-1);
    }
    .output:focus-visible {
      outline: 2px solid var(--_focus);
      outline-offset: -2px;
    }
    .empty,
    .stale {
      padding: 16px;
      color: var(--_ink-2);
    }
    @container (max-width: 480px) {
      .when {
        white-space: normal;
        max-inline-size: 17ch;
      }
      .details {
        padding-inline-start: 16px;
      }
    }
  `,
];
