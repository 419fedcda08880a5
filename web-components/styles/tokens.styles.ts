import { css } from 'lit';

/**
 * What every element draws with. A host page sets `--signalbox-*` (console.css shows the whole list); what it leaves out falls
 * back to ours, and follows the page's own color-scheme. Forced colours win over the host's tokens.
 */
export const tokens = css`
  :host,
  :root {
    --_page: var(--signalbox-page, light-dark(#f2f4f1, #0e1412));
    --_surface: var(--signalbox-surface, light-dark(#ffffff, #161e1a));
    --_sunken: var(--signalbox-sunken, light-dark(#e9ede8, #0a0f0d));
    --_line: var(--signalbox-line, light-dark(#d3dad4, #2b3731));
    --_track: var(--signalbox-track, light-dark(#78857e, #6c7b73));
    --_ink: var(--signalbox-ink, light-dark(#15201b, #e5ebe7));
    --_ink-2: var(--signalbox-ink-2, light-dark(#435049, #b3bfb8));
    --_ink-3: var(--signalbox-ink-3, light-dark(#59665f, #93a099));
    --_taken: var(--signalbox-taken, light-dark(#1d5dbd, #7db0ff));
    --_clear: var(--signalbox-clear, light-dark(#19743f, #5fc98a));
    --_stop: var(--signalbox-stop, light-dark(#b3261c, #ff8b7c));
    --_caution: var(--signalbox-caution, light-dark(#8a5600, #edb24a));
    --_taken-tint: var(--signalbox-taken-tint, light-dark(#e5edfa, #16263f));
    --_clear-tint: var(--signalbox-clear-tint, light-dark(#e3f2e8, #12291c));
    --_stop-tint: var(--signalbox-stop-tint, light-dark(#fbe8e5, #3a1a17));
    --_caution-tint: var(--signalbox-caution-tint, light-dark(#faefd9, #33260d));
    --_on-lamp: var(--signalbox-on-lamp, light-dark(#ffffff, #0e1412));
    --_action: var(--signalbox-action, var(--_ink));
    --_on-action: var(--signalbox-on-action, var(--_surface));
    --_focus: var(--signalbox-focus, var(--_ink));
    --_font: var(--signalbox-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
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
    --_text-sm: var(--signalbox-text-sm, 0.8125rem);
    --_text: var(--signalbox-text, 0.875rem);
    --_text-lg: var(--signalbox-text-lg, 1rem);
    --_text-xl: var(--signalbox-text-xl, 1.25rem);
    --_text-2xl: var(--signalbox-text-2xl, 1.625rem);
    --_radius-1: var(--signalbox-radius-1, 3px);
    --_radius-2: var(--signalbox-radius-2, 6px);
    --_lamp: var(--signalbox-lamp, 16px);
    --_rail: var(--signalbox-rail, 2px);
    --_train: var(--signalbox-train, 6px);
    --_control: var(--signalbox-control, 32px);
    --_quick: var(--signalbox-quick, 120ms);
    --_move: var(--signalbox-move, 240ms);
    --_turn: var(--signalbox-turn, 1.6s);
  }
  @media (pointer: coarse) {
    :host,
    :root {
      --_control: var(--signalbox-control, 44px);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    :host,
    :root {
      --_quick: 0ms;
      --_move: 0ms;
      --_turn: 0s;
    }
  }
  @media (forced-colors: active) {
    :host,
    :root {
      --_page: Canvas;
      --_surface: Canvas;
      --_sunken: Canvas;
      --_line: CanvasText;
      --_track: CanvasText;
      --_ink: CanvasText;
      --_ink-2: CanvasText;
      --_ink-3: CanvasText;
      --_taken: Highlight;
      --_clear: CanvasText;
      --_stop: CanvasText;
      --_caution: CanvasText;
      --_taken-tint: Canvas;
      --_clear-tint: Canvas;
      --_stop-tint: Canvas;
      --_caution-tint: Canvas;
      --_on-lamp: Canvas;
      --_action: ButtonFace;
      --_on-action: ButtonText;
      --_focus: Highlight;
    }
  }
`;
