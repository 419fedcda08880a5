import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { panel } from '../../styles/panel.styles.js';
import { tokens } from '../../styles/tokens.styles.js';
import { track } from '../../styles/track.styles.js';

export const connectionStyles = [
  tokens,
  base,
  lampStyles,
  panel,
  track,
  css`
    :host {
      display: block;
      container-type: inline-size;
    }
    .title {
      display: flex;
      gap: 12px;
      align-items: start;
    }
    .title > .lamp,
    .title > slot > .lamp {
      margin-block-start: 4px;
    }
    .title h2 {
      font-size: var(--_text-lg);
      line-height: 24px;
      font-weight: 600;
      overflow-wrap: anywhere;
    }
    .title .host {
      margin-inline-start: 4px;
      font-weight: 400;
      overflow-wrap: anywhere;
    }
    .state {
      overflow-wrap: anywhere;
    }
    .body {
      gap: 12px;
    }
    .notice {
      border-start-end-radius: var(--_radius-1);
      border-end-end-radius: var(--_radius-1);
    }
    .t-caution {
      color: var(--_caution);
    }
    .runs {
      display: grid;
      gap: 6px;
    }
    .runs li {
      display: grid;
      grid-template-columns: 16px minmax(0, 1fr) auto;
      column-gap: 12px;
    }
    .runs .lamp {
      margin-block-start: 2px;
    }
    .runs .when {
      text-align: end;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      align-items: start;
      gap: 8px;
    }
    .buttons:empty {
      display: none;
    }
    /* The card says above why the last run failed. */
    signalbox-button::part(failure) {
      display: none;
    }
    .waiting {
      min-block-size: 132px;
      align-content: center;
    }
    @container (max-width: 360px) {
      .runs .when {
        grid-column: 2 / -1;
        text-align: start;
      }
      .title .host {
        display: block;
        margin-inline-start: 0;
      }
    }
  `,
];
