/** F5: one subscriber stops reading. Nobody else may notice, and the server gives up on it before it holds much for it. */
import { verdict } from '../rounds.mjs';
import { withFeeds } from './feeds.mjs';

const TOPIC = '/connections/1/operations';
const UPDATES = 20_000;
const AT_ONCE = 50;

/** Publishes everything to all but the frozen one; how many deliveries are missing is seen by `publish` itself. */
async function flood(side, crowd, healthy) {
  const [frozen] = crowd.subscribers;
  frozen.freeze();
  for (let sent = 0; sent < UPDATES; sent += AT_ONCE) await crowd.publish(TOPIC, healthy, AT_ONCE);
  const { count: left } = await side.ask('subscribers', { path: TOPIC });
  return { closed: healthy - left, stillHeld: left > healthy };
}

async function one(n) {
  return withFeeds(
    { product: { count: n } },
    () => TOPIC,
    async ({ product }) => {
      const began = await product.side.ask('memory');
      const { closed, stillHeld } = await flood(product.side, product.crowd, n - 1);
      const grownMb = ((await product.side.ask('memory')).rssBytes - began.rssBytes) / 2 ** 20;
      process.stderr.write(`  ${n} subscribers: grown by ${grownMb.toFixed(0)} MB of memory\n`);
      const bad = Math.max(0, closed) + (stillHeld ? 1 : 0);
      const goal = { axis: 'F5 frozen subscriber: lost, closed or kept', against: 'absolute', atMost: 0 };
      return { ...verdict(goal, { ratio: bad, min: bad, max: bad, rounds: 1 }), noisy: false, n };
    },
  );
}

export async function frozen({ n, full }) {
  return full ? [await one(20), await one(n)] : [await one(20)];
}
