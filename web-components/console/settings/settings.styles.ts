import { css } from 'lit';

/** The settings: a list on the left, one page on the right; on a phone the list comes first. */
export const settingsStyles = css`
  .settings {
    display: grid;
    grid-template-columns: 208px minmax(0, 1fr);
    gap: 40px;
    align-items: start;
  }
  .settings .narrow {
    max-inline-size: 560px;
  }
  console-settings-list {
    display: block;
  }
  console-settings-list nav {
    display: grid;
    gap: 4px;
  }
  console-settings-list nav > p:not(:first-child) {
    margin-block-start: 16px;
  }
  console-settings-list nav > p {
    padding-inline-start: 13px;
  }
  console-settings-list :is(.back, .title) {
    display: none;
  }
  console-settings-list li a {
    display: flex;
    align-items: center;
    min-block-size: var(--_control);
    padding-inline: 10px;
    border-inline-start: 3px solid transparent;
    color: var(--_ink-2);
    text-decoration: none;
  }
  console-settings-list li a:hover {
    text-decoration: underline;
  }
  console-settings-list li a[aria-current] {
    border-color: currentColor;
    color: var(--_ink);
    font-weight: 600;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
  }
  .choices.long {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
    max-block-size: 192px;
    overflow-y: auto;
    padding: 8px;
    border: 1px solid var(--_track);
    border-radius: var(--_radius-1);
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  legend {
    padding: 0;
    font-weight: 500;
    margin-block-end: 4px;
  }
  .check.plain {
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  @media (max-width: 860px) {
    .settings {
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
    console-settings-list:not([front]) nav {
      display: none;
    }
    console-settings-list:not([front]) .back {
      display: block;
      margin: 0;
    }
    console-settings-list[front] .title {
      display: block;
      margin-block-end: 12px;
      font-size: 1.375rem;
      line-height: 28px;
      font-weight: 600;
    }
    console-settings-list[front] nav {
      padding-block-end: 16px;
      border-block-end: 1px solid var(--_line);
    }
  }
`;
