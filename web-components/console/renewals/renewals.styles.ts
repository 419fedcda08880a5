import { css } from 'lit';

/** What only the renewals' page has. */
export const renewalsStyles = css`
  console-renewals {
    display: block;
    container-type: inline-size;
  }
  console-renewals .pairs {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 16px;
    align-items: start;
  }
  console-renewals .pairs > .stack:empty {
    display: none;
  }
  console-renewals .pairs:not(:has(> .stack + .stack > *)),
  console-renewals .pairs:not(:has(> .stack:first-child > *)) {
    grid-template-columns: minmax(0, 1fr);
  }
  console-renewals .notice > .row {
    margin-block-start: 8px;
  }
  console-renewals .notice > [role='alert']:empty {
    display: none;
  }
  console-renewals details.steps {
    padding: 0 16px 12px;
  }
  console-renewals details.steps summary {
    min-block-size: 24px;
    color: var(--_ink-2);
    cursor: pointer;
  }
  console-renewals .notice + details.steps {
    padding-block-start: 12px;
  }
  .renewals li {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) auto;
    gap: 0 12px;
    padding: 8px 16px;
    border-block-start: 1px solid var(--_line);
  }
  .renewals li:first-child {
    border-block-start: 0;
  }
  .renewals .lamp {
    margin-block-start: 2px;
  }
  .renewals :is(.what, .when) {
    color: var(--_ink-2);
  }
  .renewals .why {
    display: block;
    font-size: var(--_text-sm);
    color: var(--_ink-3);
    overflow-wrap: anywhere;
  }
  .renewals .when {
    text-align: end;
  }
  .renewals .when > span {
    display: block;
    font-size: var(--_text-sm);
    color: var(--_ink-3);
  }
  .renewals .btn {
    align-self: center;
  }
  console-renewals .foot {
    padding: 4px 8px;
    border-block-start: 1px solid var(--_line);
  }
  console-renewals input[type='search'] {
    inline-size: 220px;
  }
  @container (max-width: 900px) {
    console-renewals .pairs {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container (max-width: 520px) {
    console-renewals input[type='search'] {
      inline-size: 100%;
    }
    console-renewals search.do {
      inline-size: 100%;
    }
    .renewals .when {
      max-inline-size: 17ch;
    }
  }
`;
