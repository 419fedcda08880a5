/**
 * `npm test`: on a fresh checkout it sets up everything, then runs all tests; the last line has the sums of all runners.
 * `--full` runs the long races and storms at their full numbers. Named files run alone: `npm test -- server/auth/auth.test.ts`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPeers } from './debian.mjs';
import { nodeProblem, prepare, tell } from './prepare.mjs';
import { root } from './sources.mjs';
import { browserTotals, sum, tapTotals } from './totals.mjs';

const TAP = 'tap/dist/esm/run.mjs';
const SHOW_EVERY_MS = 500;

const full = process.argv.includes('--full');
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const pageFiles = files.filter((file) => file.startsWith('web-components/'));
const serverFiles = files.filter((file) => !file.startsWith('web-components/'));

/** The settings of whoever runs the tests must not reach the servers that they start. */
function cleanEnvironment() {
  const ours = /^(SIGNALBOX_.*|HOST|PORT|DATABASE_URL|NODE_ENV)$/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(kept), ...(full ? { SIGNALBOX_TEST_FULL: '1' } : {}) };
}

/** Runs a package's program to its end; its output goes to the file `output`, or is just shown. */
async function run(program, args, { env = {}, output } = {}) {
  const file = output ? openSync(output, 'a') : 'inherit';
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', file, 'inherit'],
  });
  const stopShowing = output ? show(output) : () => {};
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      tell(error.message);
      resolve(1);
    });
    child.once('close', (status) => resolve(status ?? 1));
  });
  stopShowing();
  if (output) closeSync(file);
  return code;
}

/** Prints what is added to a file while it grows; returns what prints the rest and ends it. */
function show(path) {
  let shown = 0;
  const print = () => {
    const text = readFileSync(path).subarray(shown);
    shown += text.length;
    process.stdout.write(text);
  };
  const printing = setInterval(print, SHOW_EVERY_MS);
  return () => {
    clearInterval(printing);
    print();
  };
}

/** tap compiles its own plugins into itself once; its first run would still be without them. */
async function buildTap() {
  const stamp = join(root, 'node_modules/.signalbox-tap');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, '.taprc')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  tell('Preparing tap (once)…');
  const code = await run(TAP, ['build']);
  if (code !== 0) throw new Error('tap could not be prepared.');
  writeFileSync(stamp, wanted);
}

async function setUp() {
  const problem = nodeProblem();
  if (problem) throw new Error(problem);
  installPeers(tell);
  await prepare({ everything: true });
  await buildTap();
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

async function serverTests(directory) {
  const report = join(directory, 'server.txt');
  // Without CI tap draws its progress over and over; with it a report that is asked for is the only thing printed. And what a
  // program writes to a pipe just before it exits can be lost, to a file never. So what it prints goes to a file.
  const code = await run(TAP, ['--reporter=terse', ...serverFiles], { env: { CI: 'true' }, output: report });
  return tapTotals(read(report), code);
}

async function pageTests(directory) {
  const report = join(directory, 'page.json');
  const args = pageFiles.length > 0 ? ['--files', ...pageFiles] : [];
  const code = await run('@web/test-runner/dist/bin.js', args, { env: { BROWSER_TOTALS_FILE: report } });
  return browserTotals(read(report), code);
}

async function runAll() {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-totals-'));
  try {
    const totals = [];
    if (files.length === 0 || serverFiles.length > 0) totals.push(await serverTests(directory));
    if (files.length === 0 || pageFiles.length > 0) totals.push(await pageTests(directory));
    return sum(totals);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const totals = await setUp()
  .then(runAll)
  .catch((error) => {
    tell(error.message);
    return { passed: 0, failed: 1 };
  });
// On a line of its own, whatever was printed last.
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;
