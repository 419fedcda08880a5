import { css } from 'lit';

/** The bar's search and its list. */
export const searchStyles = css`
  console-search {
    display: block;
    align-self: center;
  }
  .search {
    position: relative;
    inline-size: 232px;
  }
  .search > svg {
    position: absolute;
    inset-inline-start: 10px;
    inset-block: 0;
    margin-block: auto;
    inline-size: 14px;
    block-size: 14px;
    color: var(--_ink-3);
    pointer-events: none;
  }
  .search > input[role='combobox'] {
    padding-inline: 32px;
  }
  .search > input::placeholder {
    color: var(--_ink-3);
    opacity: 1;
  }
  .search > kbd {
    position: absolute;
    inset-inline-end: 8px;
    inset-block: 0;
    margin-block: auto;
    block-size: 18px;
    padding-inline: 6px;
    font: 400 var(--_text-xs) / 16px var(--_mono);
    color: var(--_ink-3);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-1);
    pointer-events: none;
  }
  .search > input:focus ~ kbd {
    display: none;
  }
  .search > :is(ul, p.none:not(:empty)) {
    position: absolute;
    inset-inline-end: 0;
    inset-block-start: calc(100% + 4px);
    z-index: 3;
    inline-size: max(100%, min(360px, 100vw - 32px));
    padding: 4px;
    background: var(--_surface);
    border: 1px solid var(--_track);
    border-radius: var(--_radius-2);
  }
  .search > p.none:not(:empty) {
    padding: 8px 12px;
  }
  .search li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 12px;
    min-block-size: var(--_control);
    padding: 4px 8px;
    border-radius: var(--_radius-1);
    border-inline-start: 3px solid transparent;
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  .search li > :last-child {
    margin-inline-start: auto;
  }
  .search li:hover,
  .search li[aria-selected='true'] {
    background: var(--_sunken);
  }
  .search li[aria-selected='true'] {
    border-color: currentColor;
  }
  @media (max-width: 1080px) {
    .search {
      inline-size: 160px;
    }
  }
  /* On a phone it is a lens until somebody searches; then it has the whole row. */
  @media (max-width: 720px) {
    .bar {
      position: relative;
    }
    console-search {
      order: 4;
      inline-size: 44px;
    }
    .search {
      inline-size: 44px;
    }
    .search:focus-within {
      position: absolute;
      inset-inline: 16px;
      inset-block-end: 6px;
      z-index: 3;
      inline-size: auto;
    }
    .search > kbd,
    .search:not(:focus-within) > input::placeholder {
      display: none;
      color: transparent;
    }
    .search:not(:focus-within) > input[role='combobox'] {
      padding-inline: 0;
      border-color: transparent;
      background: none;
      color: transparent;
      cursor: pointer;
    }
    .search:not(:focus-within) > svg {
      inset-inline: 0;
      margin-inline: auto;
      color: var(--_ink);
    }
  }
  @media (forced-colors: active) {
    .search li[aria-selected='true'] {
      outline: 2px solid Highlight;
    }
  }
`;
