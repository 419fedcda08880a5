/** F6: what a subscriber costs in memory: two processes a round, each measured before and after they all came. */
import { judged } from '../rounds.mjs';
import { openFeed } from './feeds.mjs';

const TOPIC = '/connections/1/operations';
const ROUNDS = 3;

function measure(n) {
  return async (kind) => {
    const feed = await openFeed(kind, { count: n, topicOf: () => TOPIC, execArgv: ['--expose-gc'] });
    try {
      // The first few bring in code and caches that are not theirs.
      const warm = await feed.open(Math.ceil(n / 10));
      const before = await feed.side.ask('memory');
      warm.end();
      const crowd = await feed.open(n);
      const after = await feed.side.ask('memory');
      crowd.end();
      return (after.rssBytes - before.rssBytes) / n;
    } finally {
      await feed.end();
    }
  };
}

export async function memory({ n }) {
  const sides = { product: 'product', socketio: 'socketio' };
  const goal = { axis: 'F6 memory a subscriber', against: 'socket.io', atMost: 0.7 };
  const goals = [{ ...goal, of: (each) => each.product, over: (each) => each.socketio }];
  return (await judged(sides, measure(n), goals, { count: ROUNDS, n, warmUps: 0 })).verdicts;
}
