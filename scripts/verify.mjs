/** `npm run verify`: everything that can be known without running the tests; one line a check, and at the end what they said. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadedAtOnce } from './build.mjs';
import { endWith, nodeProblem, prepare } from './prepare.mjs';
import { root } from './sources.mjs';

const AT_ONCE = 2;
/** Provider, button, progress, client and Lit: all that a portal's page loads before it shows something. */
export const ELEMENTS_BUDGET_BYTES = 20_000;
const BUDGETS_BYTES = {
  'dist/web/elements/v1/signalbox.js': ELEMENTS_BUDGET_BYTES,
  // What stands today, so that nothing grows unseen; the goal, 25,000 bytes, is still open.
  'dist/web/console/main.js': 36_900,
};

/** Runs a script; answers with what it said where it failed, else null. */
function script(path, ...args) {
  return () =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, path), ...args], { cwd: root });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code) => resolve(code === 0 ? null : said.trim() || `ended with code ${code}`));
    });
}

/** The same for a package's program. */
const program = (path, ...args) => script(`node_modules/${path}`, ...args);

/** The gzipped sizes of a script and of all that it loads at once, in bytes. */
export function firstLoadBytes(file, counted = new Set()) {
  if (counted.has(file)) return 0;
  counted.add(file);
  const code = readFileSync(file);
  const rest = loadedAtOnce(code.toString()).map((name) => firstLoadBytes(join(dirname(file), name), counted));
  return rest.reduce((sum, bytes) => sum + bytes, gzipSync(code, { level: 9 }).length);
}

/** What is wrong with the sizes of the page's bundles, as they travel; null where all keep their budget. */
export function sizeProblem(budgets = BUDGETS_BYTES, directory = root) {
  const problems = Object.entries(budgets).flatMap(([path, budgetBytes]) => {
    if (!existsSync(join(directory, path))) return [`${path} was not built.`];
    const bytes = firstLoadBytes(join(directory, path));
    return bytes > budgetBytes ? [`${path}: expected at most ${budgetBytes} bytes with gzip, got ${bytes}.`] : [];
  });
  return problems.length > 0 ? problems.join('\n') : null;
}

/** A lock file that names a registry's host installs nowhere else. */
export function lockProblem(lock) {
  const named = Object.entries(lock.packages).filter(([, entry]) => entry.resolved?.startsWith('http'));
  if (named.length === 0) return null;
  return `package-lock.json: expected no "resolved" addresses, got ${named.length}, the first for ${named[0][0]}.`;
}

// What both compilers and prettier found out is kept where an install throws it away.
const CACHE = 'node_modules/.cache/signalbox';

function types(project) {
  const info = `${CACHE}/${project.replaceAll('/', '-')}.tsbuildinfo`;
  return program('typescript/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', info, '-p', project);
}

// The slowest first.
const checks = {
  eslint: program('eslint/bin/eslint.js', '.'),
  'types of the server': types('.'),
  'types of the page': types('web-components'),
  'types of the browser tests': types('tests/browser'),
  'types of the React example': types('examples/portal-react'),
  prettier: program(
    'prettier/bin/prettier.cjs',
    ...['--check', '--log-level=warn', '--cache', '--cache-location', `${CACHE}/prettier`, '.'],
  ),
  boundaries: program(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ...[
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      ...['db', 'server', 'plugins', 'lab', 'web-components'],
    ],
  ),
  'generated docs': program('tsx/dist/cli.mjs', 'scripts/docs.mjs', '--check'),
  languages: script('scripts/languages.mjs', '--check'),
  'size budgets': async () => sizeProblem(),
  'lock file': async () => lockProblem(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))),
};

/** First of all: examples are typed against the package. */
const packaging = async () => {
  const { buildPackage } = await import('./elements/package.mjs');
  return buildPackage().then(
    () => null,
    (error) => error.message,
  );
};

async function check([name, work]) {
  const began = performance.now();
  const problem = await work();
  const durationMs = Math.round(performance.now() - began);
  console.log(`${problem === null ? '✓' : '✗'} ${name} (${durationMs} ms)`);
  return { name, problem };
}

async function verify() {
  const waiting = Object.entries(checks);
  const results = [await check(['package of the elements', packaging])];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await check(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results.filter(({ problem }) => problem !== null);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problem = nodeProblem();
  if (problem) endWith(new Error(problem));
  await prepare({ everything: true }).catch(endWith);
  const failures = await verify();
  for (const failure of failures) console.error(`\n${failure.name}\n${failure.problem}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
