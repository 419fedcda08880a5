import { css } from 'lit';
import { frame } from '../../styles/frame.styles.js';
import { furtherTokens } from '../../styles/further-tokens.styles.js';
import { notice } from '../../styles/notice.styles.js';
import { stations } from '../../styles/stations.styles.js';

/** What the large form is drawn with beside the sheets of the small one. */
export const largeStyles = [
  furtherTokens,
  frame,
  notice,
  stations,
  css`
    .headline {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px 10px;
    }
    .headline strong {
      font-size: var(--_text-2xl);
      line-height: 32px;
      font-weight: 600;
      letter-spacing: -0.015em;
    }
  `,
];
