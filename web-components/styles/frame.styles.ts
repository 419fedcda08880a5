import { css } from 'lit';

/** Panels and the facts in them: what no page begins with. */
export const frame = css`
  .panel {
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-2);
    min-inline-size: 0;
  }
  .panel > header {
    display: flex;
    align-items: center;
    gap: 4px 12px;
    flex-wrap: wrap;
    padding: 7px 16px;
    min-block-size: 47px;
    border-block-end: 1px solid var(--_line);
  }
  .panel > header :is(h2, h3) {
    font-size: var(--_text);
    line-height: 20px;
    font-weight: 600;
  }
  .panel > header > .end {
    margin-inline-start: auto;
  }
  .body {
    padding: 16px;
  }
  .facts {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 6px 16px;
  }
  .facts dt {
    color: var(--_ink-3);
  }
  .facts dd {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
`;
