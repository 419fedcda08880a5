/** W1–W3: how many operations are stored, what a write costs, and whether the event loop stays free. */
import { fileURLToPath } from 'node:url';
import { freshSqlite, hasPostgres, startPostgres } from '../databases.mjs';
import { seed } from '../product/seed.mjs';
import { judged, quantile, verdict, VoidRound } from '../rounds.mjs';
import { Side } from '../side.mjs';

const ROWS = fileURLToPath(new URL('../sides/rows.mjs', import.meta.url));
const WRITES = 12;
const KNEX = 'awaited knex statements';
const LOOP_DELAY_MS = 10;

const rate = (name) => (each) => each[name].operationsPerSecond;
const cpu = (name) => (each) => each[name].cpuMsPerWrite;

/** Both kinds of side over databases of their own, seeded alike. */
async function openSides(freshDatabase) {
  const sides = {};
  const connections = {};
  for (const name of ['store', 'knex']) {
    const settings = await freshDatabase();
    ({ connections: connections[name] } = await seed(settings, { connections: 16 }));
    sides[name] = new Side(ROWS, { args: [name, JSON.stringify(settings)] });
  }
  return { sides, connections };
}

function measureRows(mode, connections, operations) {
  return async (side, name) => {
    const said = await side.ask('run', { mode, operations, connections: connections[name] });
    if (said.done !== operations) throw new VoidRound(`${name}: ${said.done} of ${operations} operations are stored.`);
    return {
      operationsPerSecond: (operations / said.wallMs) * 1000,
      cpuMsPerWrite: said.cpuMs / (operations * WRITES),
      delayP99Ms: said.delayP99Ms,
    };
  };
}

function worstDelay(measured) {
  const delays = measured.map((each) => each.store.delayP99Ms);
  const ratio = quantile(delays, 0.5);
  const goal = { axis: 'W2 loop delay p99, ms', against: 'absolute', atMost: LOOP_DELAY_MS };
  return verdict(goal, { ratio, min: Math.min(...delays), max: Math.max(...delays), rounds: delays.length });
}

async function both(sides, connections, { count, operations, database, stored, burst }) {
  const words = { against: `${KNEX}, ${database}` };
  const run = (mode, goals) =>
    judged(sides, measureRows(mode, connections, operations), goals, { count, n: operations });
  const kept = await run('stored', stored(words));
  const bursts = burst ? await run('burst', burst(words)) : { verdicts: [] };
  return { verdicts: [...kept.verdicts, ...bursts.verdicts], measured: kept.measured };
}

const ratesAndCosts = {
  stored: (words) => [
    { axis: 'W1 operations/s, every write stored', ...words, of: rate('store'), over: rate('knex'), atLeast: 4 },
    { axis: 'W2 CPU a write, stored', ...words, of: cpu('store'), over: cpu('knex'), atMost: 0.35 },
  ],
  burst: (words) => [
    { axis: 'W1 operations/s, bursts', ...words, of: rate('store'), over: rate('knex'), atLeast: 10 },
    { axis: 'W2 CPU an update, bursts', ...words, of: cpu('store'), over: cpu('knex'), atMost: 0.15 },
  ],
};

async function onSqlite({ count, operations }) {
  const places = [];
  const { sides, connections } = await openSides(async () => {
    const place = await freshSqlite();
    places.push(place);
    return place.settings;
  });
  try {
    const database = 'SQLite FULL';
    const { verdicts, measured } = await both(sides, connections, { count, operations, database, ...ratesAndCosts });
    return [...verdicts, worstDelay(measured)];
  } finally {
    for (const side of Object.values(sides)) await side.end();
    for (const place of places) await place.remove();
  }
}

async function onPostgres({ count, operations }) {
  const postgres = await startPostgres();
  const { sides, connections } = await openSides(() => postgres.fresh());
  const stored = (words) => [
    { axis: 'W3 operations/s, every write stored', ...words, of: rate('store'), over: rate('knex'), atLeast: 4 },
  ];
  try {
    const { verdicts } = await both(sides, connections, { count, operations, database: 'PostgreSQL 15', stored });
    return verdicts;
  } finally {
    for (const side of Object.values(sides)) await side.end();
    await postgres.stop();
  }
}

export async function writes({ rounds: count, full }) {
  const sizes = { count, operations: full ? 1_600 : 192 };
  const sqlite = await onSqlite(sizes);
  return hasPostgres() ? [...sqlite, ...(await onPostgres(sizes))] : sqlite;
}
