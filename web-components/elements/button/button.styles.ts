import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { control } from '../../styles/control.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { notice } from '../../styles/notice.styles.js';
import { tokens } from '../../styles/tokens.styles.js';

export const buttonStyles = [
  tokens,
  base,
  lampStyles,
  control,
  notice,
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
