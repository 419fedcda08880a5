/** What the build is made of: the files, and one hash over all of them. Only Node's own modules: it runs before the install. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that these scripts belong to. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const SERVER_FOLDERS = ['db', 'server', 'plugins', 'examples'];
const OTHER_INPUTS = ['package.json', 'package-lock.json', 'scripts/build.mjs'];
const LEFT_OUT = new Set(['node_modules', 'dist', 'testing']);

function walk(directory, folder) {
  const entries = readdirSync(join(directory, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : walk(directory, path);
    return [path];
  });
}

/** Every file below `folder` that is neither a test nor a fixture of tests, as sorted paths with slashes; none where the folder is missing. */
export function filesOf(folder, directory = root) {
  if (!existsSync(join(directory, folder))) return [];
  return walk(directory, folder)
    .filter((path) => !/\.(test|fixture)\.[cm]?[jt]s$/.test(path))
    .sort();
}

/** The TypeScript that runs in Node, to be transpiled file by file. */
export function serverSources(directory = root) {
  const files = SERVER_FOLDERS.flatMap((folder) => filesOf(folder, directory));
  return files.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
}

/** What tests bring into servers of their own, which are processes of the build. */
export function testPlugins(directory = root) {
  const plugins = filesOf('tests/peers', directory).filter((path) => path.endsWith('-plugin.ts'));
  return [...plugins, ...filesOf('server/documents/testing', directory)];
}

/** One hash over everything that the build reads: it changes exactly when a new build is due. */
export function sourceHash(directory = root) {
  const pages = [...filesOf('web-components', directory), ...filesOf('scripts/elements', directory)];
  const inputs = [...serverSources(directory), ...pages, ...OTHER_INPUTS];
  const hash = createHash('sha256');
  for (const path of inputs) {
    if (!existsSync(join(directory, path))) continue;
    const content = createHash('sha256')
      .update(readFileSync(join(directory, path)))
      .digest('hex');
    hash.update(`${path} ${content}\n`);
  }
  return hash.digest('hex');
}

/** Whether dist/ was made from exactly these sources, by a build that came to its end. */
export function isBuilt(directory = root) {
  try {
    return JSON.parse(readFileSync(join(directory, 'dist/build.json'), 'utf8')).sources === sourceHash(directory);
  } catch (cause) {
    // No build yet, or one that was cut off while it wrote its last file.
    if (cause.code === 'ENOENT' || cause instanceof SyntaxError) return false;
    throw cause;
  }
}
