import { css } from 'lit';
import { frame } from './frame.styles.js';
import { notice } from './notice.styles.js';

/** Panels, notices, facts and the dialog. */
export const panel = css`
  ${frame}
  ${notice}
`;
