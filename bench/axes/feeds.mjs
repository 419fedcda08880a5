/** Opens the product and the peers of the feed with as many subscribers each, all alive together. */
import { fileURLToPath } from 'node:url';
import { Crowd, usersFor } from '../client/crowd.mjs';
import { openProduct } from '../product/product.mjs';
import { Side } from '../side.mjs';

const PEERS = fileURLToPath(new URL('../sides/fan-out.mjs', import.meta.url));

export async function openFeed(kind, { count, topicOf, execArgv = [] }) {
  const product =
    kind === 'product'
      ? await openProduct({ users: usersFor(count), connections: topicOf(0) === topicOf(1) ? 1 : count, execArgv })
      : null;
  const side = product?.side ?? new Side(PEERS, { args: [kind], execArgv });
  const port = product?.port ?? (await side.heard('listening')).port;
  const open = (size = count) => Crowd.open(side, { kind, port, tokens: product?.tokens, count: size, topicOf });
  return { side, open, end: () => (product ? product.end() : side.end()) };
}

/** Opens feeds by their names, `{name: {kind, count}}`, runs `work` with `{name: {side, crowd}}` and ends everything. */
export async function withFeeds(wanted, topicOf, work) {
  const feeds = {};
  try {
    for (const [name, { kind = name, count }] of Object.entries(wanted)) {
      feeds[name] = await openFeed(kind, { count, topicOf });
      feeds[name].crowd = await feeds[name].open();
    }
    return await work(feeds);
  } finally {
    for (const feed of Object.values(feeds)) {
      feed.crowd?.end();
      await feed.end();
    }
  }
}

/** CPU of the side in ms while `work` ran. */
export async function cpuOf(side, work) {
  const before = await side.cpuMs();
  const result = await work();
  return { cpuMs: (await side.cpuMs()) - before, result };
}
