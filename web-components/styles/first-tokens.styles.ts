import { css } from 'lit';

/**
 * What every page draws with, whatever elements it has; further-tokens has the others. A host page sets `--signalbox-*` (console.css shows the whole list); what it leaves out falls
 * back to ours, and follows the page's own color-scheme. Forced colours win over the host's tokens.
 */
export const firstTokens = css`
  :host,
  :root {
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
    --_taken-tint: var(--signalbox-taken-tint, light-dark(#e5edfa, #16263f));
    --_clear-tint: var(--signalbox-clear-tint, light-dark(#e3f2e8, #12291c));
    --_stop-tint: var(--signalbox-stop-tint, light-dark(#fbe8e5, #3a1a17));
    --_action: var(--signalbox-action, var(--_ink));
    --_on-action: var(--signalbox-on-action, var(--_surface));
    --_focus: var(--signalbox-focus, var(--_ink));
    --_font: var(--signalbox-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    --_text-sm: var(--signalbox-text-sm, 0.8125rem);
    --_text: var(--signalbox-text, 0.875rem);
    --_radius-1: var(--signalbox-radius-1, 3px);
    --_control: var(--signalbox-control, 32px);
    --_quick: var(--signalbox-quick, 120ms);
    --_move: var(--signalbox-move, 240ms);
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
    }
  }
  @media (forced-colors: active) {
    :host,
    :root {
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
      --_taken-tint: Canvas;
      --_clear-tint: Canvas;
      --_stop-tint: Canvas;
      --_action: ButtonFace;
      --_on-action: ButtonText;
      --_focus: Highlight;
    }
  }
`;
