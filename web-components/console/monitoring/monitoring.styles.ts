import { css } from 'lit';

/** Figures, and tables of figures. */
export const monitoringStyles = css`
  .figure-list {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
    gap: 1px;
    overflow: hidden;
  }
  .figure-list li {
    padding: 12px 16px;
    box-shadow: 0 0 0 1px var(--_line);
  }
  .figure-list .days {
    margin-block: 2px;
  }
  .figure-tables {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr));
    gap: 16px;
    align-items: start;
  }
  .figures {
    inline-size: 100%;
    border-collapse: collapse;
  }
  .figures :is(th, td) {
    padding: 8px 12px;
    text-align: end;
    vertical-align: top;
    font-weight: 400;
  }
  .figures :is(th, td):first-child {
    padding-inline-start: 16px;
    text-align: start;
    overflow-wrap: anywhere;
  }
  .figures :is(th, td):last-child {
    padding-inline-end: 16px;
  }
  .figures thead {
    color: var(--_ink-3);
    font-size: var(--_text-xs);
  }
  .figures tbody :is(th, td) {
    border-block-start: 1px solid var(--_line);
  }
  @media (max-width: 720px) {
    .figures :is(th, td) {
      padding-inline: 8px;
    }
  }
`;
