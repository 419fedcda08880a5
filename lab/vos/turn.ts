/** One command's way to the person at the CLI. When the session ends, or Ctrl-C comes, what a command waits for never comes. */
import type { Clock } from './clock.js';
import { page, type PagerStyle, type Screen } from './pager.js';

export interface Turn {
  /** Lines as they come. */
  print(...lines: string[]): void;
  /** A whole listing, which the pager stops at each full screen while it is on. */
  list(lines: readonly string[]): Promise<void>;
  setPager(on: boolean): void;
  /** The answer to a question; null where Ctrl-C was the answer. */
  ask(question: string): Promise<string | null>;
  /** Appliance seconds. */
  wait(seconds: number): Promise<void>;
  /** Destroys the connection once everything written is out. */
  cut(): Promise<void>;
}

export interface TurnOptions extends Screen {
  clock: Clock;
  pager: { on: boolean; style: PagerStyle };
  signal: AbortSignal;
  cut(): void;
}

export function makeTurn({ output, keyboard, clock, pager, signal, cut }: TurnOptions): Turn {
  return {
    print: (...lines) => output.print(...lines),
    list: async (lines) => {
      if (pager.on) await page(lines, pager.style, { output, keyboard });
      else output.print(...lines);
    },
    setPager: (on) => void (pager.on = on),
    ask: (question) => {
      output.write(question);
      return keyboard.line();
    },
    wait: (seconds) => waitFor(clock, seconds, signal),
    cut: async () => {
      await output.drained();
      cut();
    },
  };
}

/** Never resolves once the signal has aborted. */
export function waitFor(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return;
    const takeBack = clock.after(seconds, () => {
      signal.removeEventListener('abort', takeBack);
      resolve();
    });
    signal.addEventListener('abort', takeBack, { once: true });
  });
}
