import { css } from 'lit';
import { firstTokens } from './first-tokens.styles.js';
import { furtherTokens } from './further-tokens.styles.js';

/** All tokens. */
export const tokens = css`
  ${firstTokens}
  ${furtherTokens}
`;
