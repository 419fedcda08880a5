import { css } from 'lit';
import { firstBase } from './first-base.styles.js';
import { furtherBase } from './further-base.styles.js';

/** Type, links, focus and the few words that every element's markup shares. */
export const base = css`
  ${firstBase}
  ${furtherBase}
`;
