import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { control } from '../../styles/control.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { panel } from '../../styles/panel.styles.js';
import { tokens } from '../../styles/tokens.styles.js';

export const fleetStyles = [
  tokens,
  base,
  lampStyles,
  control,
  panel,
  css`
    :host {
      display: block;
      container-type: inline-size;
    }
    .panel {
      overflow: clip;
      --_certificate: 156px;
      --_columns: 44px minmax(180px, 1fr) 88px minmax(240px, 2fr) var(--_certificate) minmax(190px, 1fr) 164px;
    }
    /* Nothing is known of any certificate: no column for it. */
    .panel.bare {
      --_certificate:;
      --_certificate-display: none;
    }
    .head > .c-cert {
      display: var(--_certificate-display, block);
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 12px;
      padding: 8px 16px;
    }
    .chips {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
      margin-inline-end: auto;
    }
    .chips .btn {
      min-block-size: max(24px, calc(var(--_control) - 4px));
      padding-inline: 10px;
      font-weight: 400;
    }
    .chips .btn[aria-pressed='true'] {
      font-weight: 600;
    }
    .search,
    .sorting select {
      min-block-size: var(--_control);
      padding-inline: 10px;
      font: inherit;
      color: var(--_ink);
      background: var(--_surface);
      border: 1px solid var(--_track);
      border-radius: var(--_radius-1);
    }
    .search {
      flex: 1 1 216px;
      max-inline-size: 264px;
      min-inline-size: 0;
    }
    .search::placeholder {
      color: var(--_ink-3);
      opacity: 1;
    }
    .sorting {
      display: none;
      align-items: center;
      gap: 8px;
      color: var(--_ink-2);
      font-size: var(--_text-sm);
    }
    .stale,
    .trouble {
      padding: 8px 16px;
      border-block-start: 1px solid var(--_line);
    }
    .head {
      display: grid;
      grid-template-columns: var(--_columns);
      border-block-start: 1px solid var(--_line);
      color: var(--_ink-3);
      font-size: var(--_text-xs);
      line-height: 16px;
    }
    .head > span {
      padding: 4px 12px;
      align-self: center;
      white-space: nowrap;
    }
    .sort {
      all: unset;
      display: inline-flex;
      align-items: center;
      gap: 4px;
      min-block-size: 24px;
      cursor: pointer;
    }
    .sort:hover {
      color: var(--_ink);
      text-decoration: underline;
      text-underline-offset: 3px;
    }
    .sort:focus-visible {
      outline: 2px solid var(--_focus);
      outline-offset: 1px;
      border-radius: var(--_radius-1);
    }
    [aria-sort='ascending'] .sort,
    [aria-sort='descending'] .sort {
      color: var(--_ink);
      font-weight: 600;
    }
    .arrow {
      inline-size: 1ch;
    }
    .group {
      display: flex;
      gap: 6px;
      padding: 6px 16px;
      background: var(--_page);
      border-block-start: 1px solid var(--_line);
      font-size: var(--_text-sm);
      font-weight: 600;
    }
    .group .count {
      font-weight: 400;
      color: var(--_ink-3);
    }
    /* Rows that are drawn a moment later have their room already. */
    .room {
      block-size: calc(var(--_left) * 37px);
    }
    .block {
      content-visibility: auto;
      contain-intrinsic-block-size: auto calc(var(--_rows) * 37px);
    }
    .none,
    .loading {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 16px;
      padding: 24px 16px;
      border-block-start: 1px solid var(--_line);
      color: var(--_ink-2);
    }
    .loading {
      border: 0;
      min-block-size: 96px;
    }
    .empty {
      padding: 16px;
    }
    .empty .rail {
      display: block;
      block-size: 2px;
      margin-block: 8px 16px;
      background: var(--_track);
    }
    .foot {
      padding: 8px 16px;
      border-block-start: 1px solid var(--_line);
      color: var(--_ink-2);
      font-size: var(--_text-sm);
    }
    @container (max-width: 1080px) {
      .panel {
        --_columns: 44px minmax(150px, 1fr) 88px minmax(200px, 2fr) var(--_certificate) 160px;
      }
      .c-last {
        display: none;
      }
      .sorting {
        display: flex;
        order: 1;
      }
      /* Two rows: which of them, and how to find one. */
      .chips {
        flex: 1 1 100%;
      }
      .search {
        max-inline-size: none;
      }
    }
    @container (max-width: 860px) {
      .panel {
        --_columns: 44px minmax(120px, 1fr) minmax(180px, 2fr) var(--_certificate) 144px;
      }
      .c-plat {
        display: none;
      }
    }
    @container (max-width: 620px) {
      .panel {
        --_columns: 44px minmax(0, 1fr) fit-content(45%);
      }
      .head {
        display: none;
      }
      .search {
        flex: 1 1 100%;
        order: -1;
      }
    }
    @media (forced-colors: active) {
      .chips .btn[aria-pressed='true'] {
        forced-color-adjust: none;
        color: HighlightText;
        background: Highlight;
      }
    }
  `,
];
