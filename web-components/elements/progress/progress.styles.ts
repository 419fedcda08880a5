import { css } from 'lit';
import { base } from '../../styles/base.styles.js';
import { control } from '../../styles/control.styles.js';
import { lampStyles } from '../../styles/lamp.styles.js';
import { notice } from '../../styles/notice.styles.js';
import { tokens } from '../../styles/tokens.styles.js';
import { track } from '../../styles/track.styles.js';

export const progressStyles = [
  tokens,
  base,
  lampStyles,
  control,
  notice,
  track,
  css`
    :host {
      display: block;
      container-type: inline-size;
    }
    .small {
      display: grid;
      gap: 2px;
    }
    .small .notice {
      margin-block-start: 8px;
      border-start-end-radius: var(--_radius-1);
      border-end-end-radius: var(--_radius-1);
    }
    .message {
      color: var(--_ink-2);
      overflow-wrap: anywhere;
    }
    .small .btn {
      justify-self: start;
      margin-block-start: 8px;
    }
  `,
];
