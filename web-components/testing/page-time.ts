import { Ticker } from '../controllers/ticker.js';

const PLACE = Symbol.for('signalbox.clock.v2');

/** The page's clock in a test's hands, for what is made after it. */
export interface PageTime {
  /** Ms since the epoch. */
  now: number;
  /** The timers that wait now. */
  readonly waiting: ReadonlySet<() => void>;
  /** Time goes on, and the clock ticks once. */
  pass(ms: number): void;
  /** Gives the page its own clock back. */
  end(): void;
}

/** Takes the page's clock; it stands at a full second until the test moves it. */
export function takePageTime(): PageTime {
  const page = globalThis as { [PLACE]?: Ticker };
  const before = page[PLACE];
  const waiting = new Set<() => void>();
  const time: PageTime = {
    now: Math.floor(Date.now() / 1000) * 1000,
    waiting,
    pass(ms) {
      time.now += ms;
      for (const tick of [...waiting]) {
        waiting.delete(tick);
        tick();
      }
    },
    end() {
      if (before) page[PLACE] = before;
      else Reflect.deleteProperty(page, PLACE);
    },
  };
  page[PLACE] = new Ticker({
    now: () => time.now,
    setTimer: (callback) => {
      waiting.add(callback);
      return callback;
    },
    clearTimer: (callback) => void waiting.delete(callback as () => void),
  });
  return time;
}
