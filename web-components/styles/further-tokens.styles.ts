import { css } from 'lit';

/** The tokens that no page begins with. */
export const furtherTokens = css`
  :host,
  :root {
    --_page: var(--signalbox-page, light-dark(#f2f4f1, #0e1412));
    --_caution-tint: var(--signalbox-caution-tint, light-dark(#faefd9, #33260d));
    --_mono: var(
      --signalbox-mono,
      ui-monospace,
      'SF Mono',
      'Cascadia Mono',
      'Segoe UI Mono',
      'Noto Sans Mono',
      Menlo,
      Consolas,
      monospace
    );
    --_text-xs: var(--signalbox-text-xs, 0.75rem);
    --_text-lg: var(--signalbox-text-lg, 1rem);
    --_text-xl: var(--signalbox-text-xl, 1.25rem);
    --_text-2xl: var(--signalbox-text-2xl, 1.625rem);
    --_radius-2: var(--signalbox-radius-2, 6px);
    --_caution: var(--signalbox-caution, light-dark(#8a5600, #edb24a));
    --_on-lamp: var(--signalbox-on-lamp, light-dark(#ffffff, #0e1412));
    --_lamp: var(--signalbox-lamp, 16px);
    --_rail: var(--signalbox-rail, 2px);
    --_train: var(--signalbox-train, 6px);
    --_turn: var(--signalbox-turn, 1.6s);
  }
  @media (prefers-reduced-motion: reduce) {
    :host,
    :root {
      --_turn: 0s;
    }
  }
  @media (forced-colors: active) {
    :host,
    :root {
      --_page: Canvas;
      --_caution-tint: Canvas;
      --_caution: CanvasText;
      --_on-lamp: Canvas;
    }
  }
`;
