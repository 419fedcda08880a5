/** What comes before every run: packages that fit the lock file, and a build that fits the sources. */
import { join } from 'node:path';
import { install, isInstalled } from './install.mjs';
import { withLock } from './lock.mjs';
import { isBuilt, root } from './sources.mjs';

const OLDEST_NODE = [20, 19];

/** One line of progress; stdout belongs to the program. */
export function tell(text) {
  process.stderr.write(`${text}\n`);
}

/** One sentence where this Node.js is too old, else null. */
export function nodeProblem(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `Signalbox needs Node.js ${oldestMajor}.${oldestMinor} or newer; this is ${version}.`;
}

async function installPackages(everything) {
  const began = performance.now();
  tell('Installing packages (once; SQLite may be compiled, which can take two minutes)…');
  await install(root, everything);
  tell(`Installed in ${Math.round((performance.now() - began) / 1000)} s.`);
}

/** The one example that has packages of its own; tests and checks build it. */
const EXAMPLE = join(root, 'examples/portal-react');

async function installExample() {
  tell('Installing the packages of examples/portal-react (once)…');
  await install(EXAMPLE, true);
}

async function buildAll() {
  const { build } = await import('./build.mjs');
  tell(`Built in ${await build()} ms.`);
}

/** Installs and builds what is missing or stale, and nothing else; safe when several processes do it at once. */
export async function prepare({ everything = false } = {}) {
  const isComplete = () => !everything || isInstalled(EXAMPLE, true);
  const ready = () => isInstalled(root, everything) && isComplete() && isBuilt();
  if (ready()) return;
  await withLock(
    join(root, 'dist/.lock'),
    async () => {
      if (!isInstalled(root, everything)) await installPackages(everything);
      if (!isComplete()) await installExample();
      if (!isBuilt()) await buildAll();
    },
    (pid) => tell(`Process ${pid} is installing or building; waiting for it…`),
  );
}

/** Ends with a sentence, not with a stack. */
export function endWith(error) {
  tell(error.message);
  process.exit(1);
}
