/**
 * U3: the longest frame, in ms, while a log takes 100,000 lines and a fleet 2,000 connections, and while a person follows, scrolls
 * and searches in them. Nobody else's element is beside them: without a goal, to be looked at.
 */
import { median, verdict } from '../rounds.mjs';
import { openBrowser, told } from '../sides/page.mjs';

const FRAME = 'longest frame, ms';

const DONE = {
  log: {
    arrive: `100,000 lines arrive, ${FRAME}`,
    follow: `1,000 more are followed, ${FRAME}`,
    scroll: `from end to start in 40 jumps, ${FRAME}`,
    glide: `by the wheel, ${FRAME}`,
  },
  fleet: {
    arrive: `2,000 connections are mounted, ${FRAME}`,
    whole: '2,000 connections are mounted, ms until all are there',
    change: `all 2,000 change at once, ${FRAME}`,
    glide: `by the wheel, ${FRAME}`,
    scroll: `from end to start in 40 jumps, ${FRAME}`,
    filter: `searching for one, ${FRAME}`,
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
          `U3 ${what}: ${text}`,
          seen[what].slice(1).map((round) => round[key]),
        ),
      ),
    );
  } finally {
    await browser.close();
  }
}
