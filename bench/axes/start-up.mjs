/** S1: from the start of the process to listening, in wall time: whole processes, one after the other. */
import { fileURLToPath } from 'node:url';
import { freshSqlite } from '../databases.mjs';
import { ENTRY, environment, PLUGIN } from '../product/product.mjs';
import { seed } from '../product/seed.mjs';
import { judged } from '../rounds.mjs';
import { Side } from '../side.mjs';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const wall = (name) => (each) => each[name];
const goals = [
  { axis: 'S1 start to listening', against: 'bare http', of: wall('product'), over: wall('bare'), atMost: 4.6 },
  {
    axis: 'S1 start to listening',
    against: 'all loaded at once',
    of: wall('product'),
    over: wall('eager'),
    atMost: 0.67,
  },
  { axis: 'S1 its libraries alone', against: 'bare http', of: wall('libraries'), over: wall('bare') },
];

/** Times one start; the process is ended when it listens. */
async function measure(open) {
  const began = performance.now();
  const side = open();
  try {
    await side.heard('listening');
    return performance.now() - began;
  } finally {
    await side.end();
  }
}

export async function startUp({ rounds: count }) {
  const place = await freshSqlite();
  await seed(place.settings, {});
  const env = { ...environment(place.settings.dataDir), SIGNALBOX_PLUGINS: PLUGIN };
  const sides = {
    bare: () => new Side(file('../sides/bare.mjs')),
    libraries: () => new Side(file('../sides/libraries.mjs')),
    product: () => new Side(ENTRY, { env }),
    eager: () => new Side(ENTRY, { env, execArgv: ['--import', file('../sides/eager.mjs')] }),
  };
  try {
    return (await judged(sides, measure, goals, { count, n: 1 })).verdicts;
  } finally {
    await place.remove();
  }
}
