import { css } from 'lit';
import { firstBase } from '../../styles/first-base.styles.js';
import { firstControl } from '../../styles/first-control.styles.js';
import { firstTokens } from '../../styles/first-tokens.styles.js';

export const buttonStyles = [
  firstTokens,
  firstBase,
  firstControl,
  css`
    :host {
      display: inline-block;
      max-inline-size: 100%;
    }
    .btn {
      max-inline-size: 100%;
    }
    .btn .lamp {
      vertical-align: 0;
    }
    .note {
      margin-block-start: 4px;
      max-inline-size: 44ch;
      font-size: var(--_text-sm);
      color: var(--_ink-2);
      overflow-wrap: anywhere;
    }
    .note:empty {
      display: none;
    }
  `,
];
