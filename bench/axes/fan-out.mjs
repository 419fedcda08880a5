/** F1, F3, F4: one topic with many subscribers. */
import { judged, quantile } from '../rounds.mjs';
import { cpuOf, withFeeds } from './feeds.mjs';

const TOPIC = '/connections/1/operations';
const PUBLISHES = 40;
const BURST = 10;

const perDelivery = (name) => (each) => each[name].cpuMsPerDelivery;
const inBurst = (name) => (each) => each[name].cpuMsInBurst;
const last = (name) => (each) => each[name].lastP99Ms;

/** CPU a delivery, one update after the other and ten in one tick; and how late the last of all hears an update. */
function measure(n) {
  return async ({ side, crowd }) => {
    const singly = await cpuOf(side, async () => {
      const lasts = [];
      for (let k = 0; k < PUBLISHES; k++) lasts.push(await crowd.publish(TOPIC, n));
      return lasts;
    });
    const burst = await cpuOf(side, () => crowd.publish(TOPIC, n, BURST));
    return {
      cpuMsPerDelivery: singly.cpuMs / (n * PUBLISHES),
      cpuMsInBurst: burst.cpuMs / (n * BURST),
      lastP99Ms: quantile(singly.result, 0.99),
    };
  };
}

const goals = () => [
  { axis: 'F1 CPU a delivery', against: 'raw ws', of: perDelivery('product'), over: perDelivery('raw'), atMost: 1 },
  {
    axis: 'F1 CPU a delivery',
    against: 'socket.io',
    of: perDelivery('product'),
    over: perDelivery('socketio'),
    atMost: 0.65,
  },
  { axis: 'F1 CPU a delivery', against: 'nes', of: perDelivery('product'), over: perDelivery('nes'), atMost: 0.45 },
  { axis: 'F3 ten in one tick, CPU', against: 'raw ws', of: inBurst('product'), over: inBurst('raw'), atMost: 0.25 },
  { axis: 'F4 last receipt p99', against: 'raw ws', of: last('product'), over: last('raw'), atMost: 1.1 },
  { axis: 'F4 last receipt p99', against: 'socket.io', of: last('product'), over: last('socketio'), atMost: 0.7 },
];

export async function fanOut({ n, rounds: count }) {
  const same = { count: n };
  const kinds = { product: same, raw: same, socketio: same, nes: same };
  return withFeeds(
    kinds,
    () => TOPIC,
    async (feeds) => {
      const { verdicts } = await judged(feeds, measure(n), goals(), { count, n });
      return verdicts;
    },
  );
}
