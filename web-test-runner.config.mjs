/**
 * The page's tests in a real Chromium, those of the elements and the client in Firefox too where it is installed:
 * `npx wtr`, or one file with `npx wtr --files web-components/…/x.test.ts`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';
import { sumSessions } from './scripts/totals.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const chromium = JSON.parse(readFileSync(here('./tests/peers/chromium.json'), 'utf8'));
// Chromium's sandbox refuses to be started by root.
if (process.getuid?.() === 0) chromium.args.push('--no-sandbox');

const firefox = { browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true };
const FIREFOX_FOLDERS = ['client', 'controllers', 'elements', 'localisation'];

/** The files that were named; the runner itself would run them in Chromium only. */
function namedFiles(args = process.argv) {
  const from = args.indexOf('--files') + 1;
  if (from === 0) return [];
  const rest = args.slice(from);
  const to = rest.findIndex((arg) => arg.startsWith('--'));
  return to === -1 ? rest : rest.slice(0, to);
}

function filesForFirefox() {
  const all = FIREFOX_FOLDERS.map((folder) => `web-components/${folder}/`);
  const named = namedFiles();
  if (named.length === 0) return all.map((folder) => `${folder}**/*.test.ts`);
  return named.filter((file) => all.some((folder) => file.includes(folder)));
}

/** The second browser, where there is one and something for it to do. */
function firefoxGroup() {
  const files = filesForFirefox();
  if (files.length === 0) return [];
  if (!existsSync(firefox.executablePath)) {
    console.warn(`Firefox was not found at ${firefox.executablePath}: these tests run in Chromium only.`);
    return [];
  }
  return [
    { name: 'firefox', files, browsers: [chromeLauncher({ puppeteer, concurrency: 1, launchOptions: firefox })] },
  ];
}

/** Puppeteer's own emulation knows no forced colours. What a session asked for ends with it, so it is kept open. */
function mediaPlugin() {
  const sessions = new WeakMap();
  return {
    name: 'signalbox-emulate-media',
    async executeCommand({ command, payload, session }) {
      if (command !== 'signalbox:emulate-media') return undefined;
      const page = session.browser.getPage(session.id);
      if (!sessions.has(page)) sessions.set(page, await page.createCDPSession());
      await sessions.get(page).send('Emulation.setEmulatedMedia', { features: payload });
      return true;
    },
  };
}

/** Leaves the sums for `npm test`: the runner's own summary forgets files that could not be loaded. */
function totalsReporter(path) {
  return { stop: ({ sessions }) => writeFileSync(path, JSON.stringify(sumSessions([...sessions]))) };
}

/** What `npm run test:full` says to every test; a page has no environment, so it is written into what the page loads. */
const full = Boolean(process.env.SIGNALBOX_TEST_FULL);
/** For one file of a full run, with the 2,000 schedules of the client in the slower browser. */
const FULL_FINISH_MS = 1_800_000;

const totalsFile = process.env.BROWSER_TOTALS_FILE;

export default {
  files: 'web-components/**/*.test.ts',
  nodeResolve: true,
  plugins: [
    esbuildPlugin({
      ...{ ts: true, target: 'es2022', tsconfig: here('./web-components/tsconfig.json') },
      define: { 'import.meta.env.SIGNALBOX_TEST_FULL': String(full) },
    }),
    mediaPlugin(),
  ],
  // One page at a time: only the one in front gets animation frames.
  browsers: [chromeLauncher({ concurrency: 1, launchOptions: chromium })],
  groups: firefoxGroup(),
  testFramework: { config: { timeout: 10_000 } },
  reporters: [defaultReporter(), ...(totalsFile ? [totalsReporter(totalsFile)] : [])],
  browserStartTimeout: 60_000,
  testsFinishTimeout: full ? FULL_FINISH_MS : 300_000,
  // Lit says once a page that it runs in development mode; the tests want that mode's checks, not the sentence.
  filterBrowserLogs: ({ args }) => !String(args[0]).includes('Lit is in dev mode'),
};
