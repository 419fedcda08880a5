import { css } from 'lit';
import { firstControl } from './first-control.styles.js';
import { furtherControl } from './further-control.styles.js';

/** Buttons in all their states; the same in elements and console. */
export const control = css`
  ${firstControl}
  ${furtherControl}
`;
