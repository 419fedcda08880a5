/** `npm start`: installs and builds what is missing or stale, then becomes the server. */
import { endWith, nodeProblem, prepare } from './prepare.mjs';
import { root } from './sources.mjs';

const problem = nodeProblem();
if (problem) endWith(new Error(problem));
process.chdir(root);
await prepare().catch(endWith);
process.setSourceMapsEnabled(true);
await import('../dist/server/main.js');
