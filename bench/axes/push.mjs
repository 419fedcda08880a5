/** P1: an update that is pushed against a list that is asked for, each as often; and what idle subscribers cost. */
import { setTimeout as wait } from 'node:timers/promises';
import { Crowd, usersFor } from '../client/crowd.mjs';
import { load, requestText } from '../client/load.mjs';
import { openProduct } from '../product/product.mjs';
import { judged, VoidRound, verdict } from '../rounds.mjs';
import { cpuOf } from './feeds.mjs';

const TOPIC = '/connections/1/operations';
const LIST = `${TOPIC}?limit=20`;
const ROWS = 20;
const PUBLISHES = 20;
const POLLS = 400;
/** Each subscriber is asked four times in it. */
const MINUTE_MS = 60_000;
/** By then V8 has put away what the rounds before left behind, which costs as much as a minute of heartbeats. */
const SETTLES_MS = 20_000;

const cpu = (name) => (each) => each[name];
const goals = [
  { axis: 'P1 push, CPU', against: 'polling the list', of: cpu('push'), over: cpu('list'), atMost: 0.04 },
  { axis: 'P1 push, CPU', against: 'polling with an ETag', of: cpu('push'), over: cpu('tagged'), atMost: 0.12 },
];

async function tagOf({ port, tokens: [token] }) {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${port}${LIST}`, { headers });
  const { operations } = await answer.json();
  if (operations.length !== ROWS) throw new VoidRound(`The list has ${operations.length} rows.`);
  return answer.headers.get('etag');
}

function ways(product, crowd, n, etag) {
  const polls = (more, status) => {
    const headers = { Authorization: `Bearer ${product.tokens[0]}`, ...more };
    const request = requestText({ path: LIST, headers });
    return () => load({ port: product.port, requests: Array.from({ length: POLLS }, () => request), status });
  };
  const push = async () => {
    for (let k = 0; k < PUBLISHES; k++) await crowd.publish(TOPIC, n);
  };
  return {
    push: { work: push, times: PUBLISHES * n },
    list: { work: polls({}, 200), times: POLLS },
    tagged: { work: polls({ 'If-None-Match': etag }, 304), times: POLLS },
  };
}

async function idle(side, n) {
  await wait(SETTLES_MS);
  const { cpuMs } = await cpuOf(side, () => wait(MINUTE_MS));
  const ratio = cpuMs / n;
  const goal = { axis: 'P1 idle, CPU ms a client and minute', against: 'absolute', atMost: 0.3 };
  return { ...verdict(goal, { ratio, min: ratio, max: ratio, rounds: 1 }), n };
}

export async function push({ n, rounds: count }) {
  const product = await openProduct({ users: usersFor(n), connections: 1, operations: ROWS });
  const words = { kind: 'product', port: product.port, tokens: product.tokens, count: n, topicOf: () => TOPIC };
  const crowd = await Crowd.open(product.side, words);
  try {
    const measure = async ({ work, times }) => (await cpuOf(product.side, work)).cpuMs / times;
    const all = ways(product, crowd, n, await tagOf(product));
    const { verdicts } = await judged(all, measure, goals, { count, n });
    return [...verdicts, await idle(product.side, n)];
  } finally {
    crowd.end();
    await product.end();
  }
}
