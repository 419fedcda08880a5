/** `npm run bench`: builds the product, installs the peers beside the bench, measures, and prints one table. */
import { fileURLToPath } from 'node:url';
import { install, isInstalled } from '../scripts/install.mjs';
import { endWith, nodeProblem, prepare, tell } from '../scripts/prepare.mjs';

const bench = fileURLToPath(new URL('.', import.meta.url));

async function setUp() {
  const problem = nodeProblem();
  if (problem) throw new Error(problem);
  await prepare({ everything: true });
  if (isInstalled(bench, true)) return;
  tell('Installing the peers of the bench (once)…');
  await install(bench, true);
}

await setUp().catch(endWith);
const { main } = await import('./main.mjs');
process.exitCode = await main(process.argv.slice(2)).catch(endWith);
