/** `npm run restore -- FILE`: puts a backup in the database's place; docs/operations-guide.md. */
import { endWith, nodeProblem, prepare } from './prepare.mjs';
import { root } from './sources.mjs';

const problem = nodeProblem();
if (problem) endWith(new Error(problem));
// A relative FILE begins where the command was called, as npm says or as the shell has it.
process.env.INIT_CWD ??= process.cwd();
process.chdir(root);
await prepare().catch(endWith);
process.argv.splice(2, 0, 'restore');
await import('../dist/server/keeping/main.js');
