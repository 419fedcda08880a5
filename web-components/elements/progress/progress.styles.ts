import { css } from 'lit';
import { firstBase } from '../../styles/first-base.styles.js';
import { firstControl } from '../../styles/first-control.styles.js';
import { firstTokens } from '../../styles/first-tokens.styles.js';

export const progressStyles = [
  firstTokens,
  firstBase,
  firstControl,
  css`
    :host {
      display: block;
      container-type: inline-size;
    }
  `,
];
