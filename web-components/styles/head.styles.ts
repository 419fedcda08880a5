import { css } from 'lit';

/** The row above what an element shows: at its start the host page's heading, at its end what one can do. */
export const head = css`
  .head {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 4px 8px;
    padding: 7px 16px;
    border-block-end: 1px solid var(--_line);
  }
  .head[hidden] {
    display: none;
  }
  .head > slot {
    display: block;
    margin-inline-end: auto;
  }
  ::slotted([slot='label']) {
    margin: 0;
    font-size: var(--_text);
    line-height: 20px;
    font-weight: 600;
  }
`;
