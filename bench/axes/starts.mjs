/** H1, H2: the route that starts an operation, with the database and without. The peers write row by row, as their users do. */
import { fileURLToPath } from 'node:url';
import { load, requestText } from '../client/load.mjs';
import { freshSqlite } from '../databases.mjs';
import { openProduct, SECRET } from '../product/product.mjs';
import { seed } from '../product/seed.mjs';
import { judged } from '../rounds.mjs';
import { Side } from '../side.mjs';

const STARTS = fileURLToPath(new URL('../sides/starts.mjs', import.meta.url));
const PEERS = ['bare', 'fastify', 'express'];
const body = { params: { service: 'tomcat', force: true } };

const rate = (name) => (each) => each[name];

const withDatabase = [
  { axis: 'H1 starts/s', against: 'bare http, per-row insert', of: rate('product'), over: rate('bare'), atLeast: 1.5 },
  { axis: 'H1 starts/s', against: 'fastify, per-row insert', of: rate('product'), over: rate('fastify'), atLeast: 2 },
  { axis: 'H1 starts/s', against: 'express, per-row insert', of: rate('product'), over: rate('express'), atLeast: 3 },
];
const without = [
  { axis: 'H2 requests/s, no database', against: 'bare http', of: rate('product'), over: rate('bare'), atLeast: 0.6 },
  { axis: 'H2 requests/s, no database', against: 'express', of: rate('product'), over: rate('express'), atLeast: 1.8 },
];

async function openPeer(kind, connections, ends) {
  const place = await freshSqlite();
  ends.push(place.remove);
  const seeded = await seed(place.settings, { connections });
  const side = new Side(STARTS, { args: [kind, JSON.stringify(place.settings), SECRET] });
  ends.push(() => side.end());
  return { side, port: (await side.heard('listening')).port, connections: seeded.connections };
}

/** The product with one place, which is taken: what is started from then on is stored and waits. */
async function openHouse(connections, ends) {
  const product = await openProduct({ connections, env: { SIGNALBOX_OPERATIONS_CONCURRENCY: '1' } });
  ends.push(product.end);
  await startOn(product, product.connections.splice(0, 1), product.tokens[0]);
  return product;
}

function startOn({ port }, connections, token) {
  const headers = { Authorization: `Bearer ${token}` };
  const requests = connections.map((id) =>
    requestText({ method: 'POST', path: `/connections/${id}/operations/bench_hang`, headers, body }),
  );
  return load({ port, requests, status: 202 });
}

function answerOn({ port }, count, token) {
  const headers = { Authorization: `Bearer ${token}` };
  const request = requestText({ method: 'POST', path: '/bench/1/start', headers, body });
  return load({ port, requests: Array.from({ length: count }, () => request), status: 202 });
}

const perSecond = (count, wallMs) => (count / wallMs) * 1_000;

export async function starts({ rounds: count, full }) {
  const each = full ? 600 : 64;
  // Two warm-ups, the rounds, as many again where they were noisy, and one that was void.
  const connections = each * (2 * count + 3) + 1;
  const ends = [];
  try {
    const sides = { product: await openHouse(connections, ends) };
    for (const kind of PEERS) sides[kind] = await openPeer(kind, connections, ends);
    const [token] = sides.product.tokens;
    const sizes = { count, n: each };
    const started = async (side) => perSecond(each, await startOn(side, side.connections.splice(0, each), token));
    const answered = async (side) => perSecond(8 * each, await answerOn(side, 8 * each, token));
    const first = await judged(sides, started, withDatabase, sizes);
    const second = await judged(sides, answered, without, { count, n: 8 * each });
    return [...first.verdicts, ...second.verdicts];
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
