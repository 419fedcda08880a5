/** `npm run lab -- [options]`: the simulated appliance, from its sources; see lab/README.md. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endWith, nodeProblem, prepare } from './prepare.mjs';
import { root } from './sources.mjs';

const problem = nodeProblem();
if (problem) endWith(new Error(problem));
await prepare({ everything: true }).catch(endWith);

const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
const lab = spawn(process.execPath, [tsx, 'lab/main.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
lab.once('exit', (code) => (process.exitCode = code ?? 1));
// The lab gets the terminal's signal itself; it decides when this ends.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => lab.kill(signal));
