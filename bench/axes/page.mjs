/**
 * What a page costs. U1: the script of its first load, by size. U2: 1,000 rows in Chromium, mounted, all changed, one changed, against
 * the same rows by hand and in React 19; wall time until they are painted, so it counts less on a busy machine.
 */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { webBuilds } from '../../scripts/build.mjs';
import { judged, median, verdict, VoidRound } from '../rounds.mjs';
import { allFacts, factsOf } from '../sides/fleet-facts.mjs';
import { bundle, measure, openBrowser } from '../sides/page.mjs';

const REACT = 'React 19 + socket.io-client';
const SCRIPTS = { elements: 'dist/web/elements/v1/signalbox.js', console: 'dist/web/console/main.js' };
const gzipBytes = (contents) => gzipSync(contents, { level: 9 }).length;

/** A built file and every other that it loads at once. */
function loadedWith(path, outputs, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const imports = outputs[path].imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
  for (const { path: next } of imports) loadedWith(next, outputs, found);
  return found;
}

/** The bytes of each script's first load, with gzip. */
async function ownBytes() {
  const bytes = {};
  for (const options of webBuilds()) {
    const { outputFiles, metafile } = await build({ ...options, write: false, metafile: true });
    const contents = new Map(outputFiles.map(({ path, contents: content }) => [path, content]));
    for (const [name, path] of Object.entries(SCRIPTS)) {
      if (!metafile.outputs[path]) continue;
      const files = [...loadedWith(path, metafile.outputs)];
      const sizes = files.map((each) => [...contents].find(([absolute]) => absolute.endsWith(each))[1]).map(gzipBytes);
      bytes[name] = sizes.reduce((sum, size) => sum + size, 0);
    }
  }
  return bytes;
}

async function firstLoad() {
  const own = await ownBytes();
  const peer = gzipBytes(await bundle('first-load.mjs'));
  return Object.entries(own).map(([name, bytes]) => {
    const ratio = bytes / peer;
    const axis = `U1 first load of the ${name}, gzip`;
    return { ...verdict({ axis, against: REACT, atMost: 0.3 }, { ratio, min: ratio, max: ratio, rounds: 1 }), bytes };
  });
}

const took = (name, what) => (each) => each[name][what];

const goal = (what, words, against, atMost) => ({
  ...{ axis: `U2 rows, ${words}`, against: against === 'dom' ? 'hand-written DOM' : 'React 19', atMost },
  ...{ of: took('ours', what), over: took(against, what) },
});

const goals = [
  goal('mount', 'mount', 'dom', 0.8),
  goal('all', 'all change', 'dom', 0.45),
  goal('one', 'one changes', 'dom', 1),
  goal('mount', 'mount', 'react', 1),
  goal('all', 'all change', 'react', 1),
  goal('one', 'one changes', 'react', 1),
];

/** A row that shows something else than it was told makes the round void. */
async function rowsOf(page, name, n, turn) {
  const { mount, all, one, shown } = await measure(page, factsOf, allFacts, n, turn);
  const isWrong = shown.some((text, index) => !text.includes(factsOf(index + 1, turn + 2).message));
  if (isWrong) throw new VoidRound(`A row of ${name} shows: ${shown.find(Boolean)}`);
  return { mount, all, one: median(one) };
}

async function rowsInTurn(count, n) {
  const browser = await openBrowser();
  try {
    const sides = {};
    for (const name of ['ours', 'dom', 'react']) sides[name] = await browser.open(`fleet-${name}.mjs`);
    let turn = 0;
    const measureOne = (page, name) => rowsOf(page, name, n, (turn += 3));
    return (await judged(sides, measureOne, goals, { count, n })).verdicts;
  } finally {
    await browser.close();
  }
}

export async function page({ rounds, n }) {
  return [...(await firstLoad()), ...(await rowsInTurn(rounds, n))];
}
