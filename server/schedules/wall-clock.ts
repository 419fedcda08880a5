/**
 * Between a time zone's wall clock and UTC. Wall-clock time is kept as the epoch milliseconds that the same digits would be
 * in UTC. Each wall-clock time is one instant: of one that comes twice the first, of one that is left out the end of the gap.
 */
const DAY_MS = 24 * 60 * 60 * 1000;

export interface WallClock {
  /** What the clock on the wall shows at an instant. */
  wallAt(instant: number): number;
  /** The first instant at which it shows this or more. */
  instantOf(wall: number): number;
}

/** UTC's clock shows every moment once: nothing has to be asked. */
const UTC: WallClock = { wallAt: (instant) => instant, instantOf: (wall) => wall };

/** Throws a RangeError where the zone is not known. */
export function wallClock(timeZone: string): WallClock {
  if (timeZone === 'UTC') return UTC;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const wallAt = (instant: number): number => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
  };
  return { wallAt, instantOf: (wall) => firstInstant(wallAt, wall) };
}

/** Zones change their offset at most once within two days around; so there are at most two offsets to try. */
function firstInstant(wallAt: WallClock['wallAt'], wall: number): number {
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((near) => wallAt(near) - near);
  const shown = offsets.map((offset) => wall - offset).filter((instant) => wallAt(instant) === wall);
  if (shown.length > 0) return Math.min(...shown);
  return endOfGap(wallAt, wall, wall - Math.max(...offsets), wall - Math.min(...offsets));
}

/** Halves to the instant at which the clock jumps over `wall`: before it shows less at `low`, after it more at `high`. */
function endOfGap(wallAt: WallClock['wallAt'], wall: number, low: number, high: number): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallAt(middle) < wall) low = middle;
    else high = middle;
  }
  return high;
}
