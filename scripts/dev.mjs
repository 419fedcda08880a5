/** `npm run dev`: the server from its sources, started again at every change; the page's bundles rebuilt at every change. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildPage, webBuilds } from './build.mjs';
import { endWith, nodeProblem, prepare, tell } from './prepare.mjs';
import { root } from './sources.mjs';

const problem = nodeProblem();
if (problem) endWith(new Error(problem));
await prepare({ everything: true }).catch(endWith);
const { context } = await import('esbuild');

/** Runs at the end of every build of the page, so that index.html names the new files. */
const page = {
  name: 'page',
  setup: (build) =>
    build.onEnd(async ({ errors }) => {
      if (errors.length > 0) return;
      await buildPage();
      tell('Built the page.');
    }),
};

const pages = await Promise.all(
  webBuilds().map((each) => context({ ...each, minify: false, plugins: [...(each.plugins ?? []), page] })),
);
await Promise.all(pages.map((each) => each.watch()));

const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
const server = spawn(process.execPath, [tsx, 'watch', '--clear-screen=false', 'server/main.ts'], {
  cwd: root,
  stdio: 'inherit',
});
server.once('exit', async (code) => {
  await Promise.all(pages.map((each) => each.dispose()));
  process.exitCode = code ?? 1;
});
// The server gets the terminal's signal itself; it decides when this ends.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
