/** F2: each subscriber has a topic of its own, and an update is for one of them: what it costs where there are many others. */
import { judged } from '../rounds.mjs';
import { cpuOf, withFeeds } from './feeds.mjs';

const PUBLISHES = 200;
const topicOf = (n) => `/connections/${n + 1}/operations`;
const cpu = (name) => (each) => each[name];

/** Topics spread over all of them. */
const some = (count) => Array.from({ length: PUBLISHES }, (_, k) => topicOf(Math.floor((k * count) / PUBLISHES)));

const goals = (few, many) => [
  {
    ...{ axis: 'F2 publish to one, CPU', against: `itself at ${few} topics` },
    ...{ of: cpu('product'), over: cpu('few'), atMost: 1.3 },
  },
  { axis: 'F2 publish to one, CPU', against: 'socket.io', of: cpu('product'), over: cpu('socketio'), atMost: 0.9 },
  {
    ...{ axis: 'F2 publish to one, CPU', against: 'nes', of: cpu('product'), over: cpu('nes') },
    // nes looks at all of them: the goal was set at 5,000.
    atMost: 0.05 * Math.max(1, 5_000 / many),
  },
];

export async function sparse({ n, rounds: count, full }) {
  const [few, many] = full ? [n, 5 * n - 1] : [Math.round(n / 5), n];
  const kinds = {
    product: { count: many },
    few: { kind: 'product', count: few },
    socketio: { count: many },
    nes: { count: many },
  };
  return withFeeds(kinds, topicOf, async (feeds) => {
    const measure = async ({ side, crowd }, name) => {
      const paths = some(name === 'few' ? few : many);
      return (await cpuOf(side, () => crowd.publishEach(paths))).cpuMs / paths.length;
    };
    return (await judged(feeds, measure, goals(few, many), { count, n: many })).verdicts;
  });
}
