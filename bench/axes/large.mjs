/**
 * U3: the longest frame, in ms, while a log takes 100,000 lines and a fleet 2,000 connections, and while a person follows, scrolls
 * and searches in them. Nobody else's element is beside them: without a goal, to be looked at.
 */
import { median, verdict } from '../rounds.mjs';
import { openBrowser, told } from '../sides/page.mjs';

const DONE = {
  log: {
    arrive: '100,000 lines arrive',
    follow: '1,000 more are followed',
    scroll: 'from end to start in 40 jumps',
    glide: 'by the wheel',
  },
  fleet: {
    arrive: '2,000 connections are mounted',
    change: 'all 2,000 change at once',
    scroll: 'from end to start in 40 jumps',
    glide: 'by the wheel',
    filter: 'searching for one',
  },
};

const figure = (axis, values) =>
  verdict(
    { axis, against: 'absolute', unit: 'ms' },
    { ratio: median(values), min: Math.min(...values), max: Math.max(...values), rounds: values.length },
  );

export async function large({ rounds: count }) {
  const browser = await openBrowser();
  try {
    const page = await browser.open('large.mjs');
    const seen = { log: [], fleet: [] };
    // The first is a warm-up.
    for (let round = 0; round <= count; round++)
      for (const what of Object.keys(seen)) seen[what].push(await told(page, what));
    return Object.entries(DONE).flatMap(([what, words]) =>
      Object.entries(words).map(([key, text]) =>
        figure(
          `U3 ${what}: ${text}, longest frame, ms`,
          seen[what].slice(1).map((round) => round[key]),
        ),
      ),
    );
  } finally {
    await browser.close();
  }
}
