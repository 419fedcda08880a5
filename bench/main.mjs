/** Runs the axes and says what came of them: a JSON line each, one table, and how many reached their goal. */
import { parseArgs } from 'node:util';
import { table } from './table.mjs';

/** Every group of axes, loaded when it is run. */
const GROUPS = {
  fanout: async () => (await import('./axes/fan-out.mjs')).fanOut,
  sparse: async () => (await import('./axes/sparse.mjs')).sparse,
  frozen: async () => (await import('./axes/frozen.mjs')).frozen,
  memory: async () => (await import('./axes/memory.mjs')).memory,
  writes: async () => (await import('./axes/writes.mjs')).writes,
  starts: async () => (await import('./axes/starts.mjs')).starts,
  push: async () => (await import('./axes/push.mjs')).push,
  page: async () => (await import('./axes/page.mjs')).page,
  large: async () => (await import('./axes/large.mjs')).large,
  startup: async () => (await import('./axes/start-up.mjs')).startUp,
};

const USAGE = `npm run bench -- [${Object.keys(GROUPS).join('|')} …] [--rounds N] [--n N] [--full]`;

function options(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { rounds: { type: 'string' }, n: { type: 'string' }, full: { type: 'boolean', default: false } },
  });
  const unknown = positionals.find((name) => !GROUPS[name]);
  if (unknown) throw new Error(`There is nothing called ${unknown} to measure.\n${USAGE}`);
  return {
    groups: positionals.length > 0 ? positionals : Object.keys(GROUPS),
    rounds: Number(values.rounds ?? (values.full ? 7 : 5)),
    n: Number(values.n ?? 1_000),
    full: values.full,
  };
}

const round3 = (value) => (typeof value === 'number' ? Number(value.toPrecision(3)) : value);

function tell(verdict) {
  const entries = Object.entries({ ...verdict, node: process.version }).map(([key, value]) => [key, round3(value)]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(entries))}\n`);
}

/** Answers with the exit code: 1 where an axis is further from its goal than the tolerance. */
export async function main(args) {
  const { groups, ...sizes } = options(args);
  const verdicts = [];
  for (const group of groups) {
    process.stderr.write(`${group}…\n`);
    const measure = await GROUPS[group]();
    for (const verdict of await measure(sizes)) {
      verdicts.push(verdict);
      tell(verdict);
    }
  }
  const failed = verdicts.filter((verdict) => verdict.failed).length;
  const passed = verdicts.filter(({ goal }) => goal !== null).length - failed;
  process.stdout.write(`\n${table(verdicts)}\n\n${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}
