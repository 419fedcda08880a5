/**
 * `npm test`: on a fresh checkout it sets up everything, then runs all tests; the last line has the sums of all runners.
 * `--full` runs the long races and storms at their full numbers. Named files run alone: `npm test -- server/auth/auth.test.ts`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPeers } from './debian.mjs';
import { makeDigest } from './digest.mjs';
import { nodeProblem, prepare, tell } from './prepare.mjs';
import { root } from './sources.mjs';
import { browserTotals, sum, tapTotals } from './totals.mjs';
import { checkTraffic, readTraffic } from './traffic.mjs';

const TAP = 'tap/dist/esm/run.mjs';
const SHOW_EVERY_MS = 1_000;
/** For one file of a full run, in which the storms take their time; otherwise what .taprc says. */
const FULL_TIMEOUT_SECONDS = 2_400;

const full = process.argv.includes('--full');
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const pageFiles = files.filter((file) => file.startsWith('web-components/'));
const serverFiles = files.filter((file) => !file.startsWith('web-components/'));

/** The settings of whoever runs the tests must not reach the servers that they start. */
function cleanEnvironment() {
  const ours = /^(SIGNALBOX_.*|HOST|PORT|DATABASE_URL(_FILE)?|NODE_ENV|TRAFFIC_DIRECTORY|TEST_SERVERS)$/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(kept), ...(full ? { SIGNALBOX_TEST_FULL: '1' } : {}) };
}

/** Runs a package's program to its end; what it prints goes to `stdout`, a file descriptor, or is just shown. */
function run(program, args, { env = {}, stdout = 'inherit' } = {}) {
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', stdout, 'inherit'],
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      tell(error.message);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Shows the digest of a TAP report while it grows; returns what shows the rest and ends it. */
function showDigest(path) {
  const digest = makeDigest();
  let seen = 0;
  const show = () => {
    const lines = readFileSync(path, 'utf8').split('\n');
    // The last one may still be written.
    const fresh = lines.slice(seen, -1);
    seen += fresh.length;
    for (const line of fresh.flatMap(digest)) console.log(line);
  };
  const showing = setInterval(show, SHOW_EVERY_MS);
  return () => {
    clearInterval(showing);
    show();
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
  const { buildTestPlugins } = await import('./build.mjs');
  await buildTestPlugins();
  await buildTap();
}

/** Where the servers of a whole run leave what they were seen to say; null where only some files run. */
function trafficDirectory(directory) {
  if (files.length > 0) return null;
  const path = join(directory, 'traffic');
  mkdirSync(path);
  return path;
}

async function serverTests(directory, traffic) {
  const report = join(directory, 'server.tap');
  // A file: what a program writes to a pipe just before it exits can be lost. And plain TAP: tap's prettier reporters draw for a
  // terminal, and without one they repeat themselves or print nothing.
  const stdout = openSync(report, 'w');
  const showRest = showDigest(report);
  const patience = full ? [`--timeout=${FULL_TIMEOUT_SECONDS}`] : [];
  // The build is of these sources now: servers in processes of their own start from it, in half the time.
  const env = { TEST_SERVERS: 'dist', ...(traffic ? { TRAFFIC_DIRECTORY: traffic } : {}) };
  const code = await run(TAP, ['--reporter=tap', ...patience, ...serverFiles], { stdout, env });
  showRest();
  closeSync(stdout);
  return tapTotals(readFileSync(report, 'utf8'), code);
}

async function pageTests(directory) {
  const report = join(directory, 'page.json');
  const args = pageFiles.length > 0 ? ['--files', ...pageFiles] : [];
  const code = await run('@web/test-runner/dist/bin.js', args, { env: { BROWSER_TOTALS_FILE: report } });
  return browserTotals(existsSync(report) ? readFileSync(report, 'utf8') : null, code);
}

/** Whether the tests together have seen every route and every message that the servers publish. */
function trafficCheck(traffic) {
  const { totals, lines } = checkTraffic(readTraffic(traffic));
  for (const line of lines) console.log(line);
  return totals;
}

async function runAll() {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-totals-'));
  try {
    const totals = [];
    const traffic = trafficDirectory(directory);
    if (files.length === 0 || serverFiles.length > 0) totals.push(await serverTests(directory, traffic));
    if (files.length === 0 || pageFiles.length > 0) totals.push(await pageTests(directory));
    if (traffic) totals.push(trafficCheck(traffic));
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
