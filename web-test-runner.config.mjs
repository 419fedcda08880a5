/** The page's tests in a real Chromium: `npx wtr`, or one file with `npx wtr --files web-components/…/x.test.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { sumSessions } from './scripts/totals.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const chromium = JSON.parse(readFileSync(here('./tests/peers/chromium.json'), 'utf8'));
// Chromium's sandbox refuses to be started by root.
if (process.getuid?.() === 0) chromium.args.push('--no-sandbox');

/** Leaves the sums for `npm test`: the runner's own summary forgets files that could not be loaded. */
function totalsReporter(path) {
  return { stop: ({ sessions }) => writeFileSync(path, JSON.stringify(sumSessions([...sessions]))) };
}

const totalsFile = process.env.BROWSER_TOTALS_FILE;

export default {
  files: 'web-components/**/*.test.ts',
  nodeResolve: true,
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: here('./web-components/tsconfig.json') })],
  // One page at a time: only the one in front gets animation frames.
  browsers: [chromeLauncher({ concurrency: 1, launchOptions: chromium })],
  testFramework: { config: { timeout: 10_000 } },
  reporters: [defaultReporter(), ...(totalsFile ? [totalsReporter(totalsFile)] : [])],
  testsFinishTimeout: 120_000,
  // Lit says once a page that it runs in development mode; the tests want that mode's checks, not the sentence.
  filterBrowserLogs: ({ args }) => !String(args[0]).includes('Lit is in dev mode'),
};
