import { css } from 'lit';

/** The audit trail's table; where it is narrow each entry is a block. */
export const auditStyles = css`
  .audit-filter {
    display: grid;
    grid-template-columns: minmax(120px, 200px) minmax(160px, 280px) auto;
    gap: 12px;
    align-items: end;
    justify-content: start;
  }
  .audit {
    inline-size: 100%;
    border-collapse: collapse;
    text-align: start;
  }
  .audit th {
    padding: 8px 12px;
    font-weight: 400;
    font-size: var(--_text-xs);
    color: var(--_ink-3);
    text-align: start;
  }
  .audit td {
    padding: 8px 12px;
    vertical-align: top;
    border-block-start: 1px solid var(--_line);
    overflow-wrap: anywhere;
  }
  .audit :is(th, td):first-child {
    padding-inline-start: 16px;
  }
  .audit :is(th, td):last-child {
    padding-inline-end: 16px;
  }
  .audit .lamp {
    --signalbox-lamp: 14px;
    vertical-align: -2px;
  }
  .audit .a-when,
  .audit .a-from {
    white-space: nowrap;
    overflow-wrap: normal;
  }
  .audit .a-who {
    min-inline-size: 72px;
    overflow-wrap: break-word;
  }
  .audit .a-when {
    color: var(--_ink-2);
  }
  @media (max-width: 720px) {
    .audit-filter {
      grid-template-columns: minmax(0, 1fr);
      justify-content: stretch;
      justify-items: start;
    }
    .audit-filter > .field {
      inline-size: 100%;
    }
  }
  @media (max-width: 1000px) {
    .audit,
    .audit tbody {
      display: block;
    }
    .audit thead {
      display: none;
    }
    .audit tr {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 12px;
      padding: 10px 16px;
      border-block-start: 1px solid var(--_line);
    }
    .audit tr:first-child {
      border: 0;
    }
    .audit td {
      padding: 0;
      border: 0;
    }
    .audit td:is(:first-child, :last-child) {
      padding: 0;
    }
    .audit .a-what {
      order: -1;
      flex: 1 1 100%;
    }
  }
`;
