/** The doors of the elements' one build: what there is under /elements/v1/, found by looking. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesOf } from '../sources.mjs';

const ELEMENTS = 'web-components/elements';
/** Each door but those of single elements, by its file's name. */
const DOORS = {
  signalbox: 'web-components/index.ts',
  pure: 'web-components/pure.ts',
  client: 'web-components/client/index.ts',
  controllers: 'web-components/controllers/index.ts',
};

/** The names of the elements: each folder that defines one. */
export function elementNames(directory) {
  const folder = join(directory, ELEMENTS);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'define.ts')))
    .sort();
}

/** The source of every door, by its file's name without the extension. */
export function elementDoors(directory) {
  const doors = Object.entries(DOORS).filter(([, source]) => existsSync(join(directory, source)));
  const single = elementNames(directory).map((name) => [name, `${ELEMENTS}/${name}/define.ts`]);
  return Object.fromEntries([...doors, ...single]);
}

/** The absolute paths of the sources that some source of the page loads by `import('…')`. */
export function loadedLater(directory) {
  const sources = filesOf('web-components', directory).filter((path) => path.endsWith('.ts'));
  const found = sources.flatMap((source) => {
    const code = readFileSync(join(directory, source), 'utf8');
    const addresses = [...code.matchAll(/\bimport\(\s*'(\.[^']+)\.js'\s*\)/g)];
    return addresses.map(([, address]) => resolve(directory, dirname(source), `${address}.ts`));
  });
  return new Set(found);
}

/** The module that stands in for packaging/later.ts: how to load every element that the first door doesn't define itself. */
export function laterModule(directory, doors = elementNames(directory)) {
  const index = readFileSync(join(directory, DOORS.signalbox), 'utf8');
  const others = doors.filter((name) => !index.includes(`define('signalbox-${name}'`));
  const lines = others.map((name) => `'signalbox-${name}': () => import('../elements/${name}/define.js'),`);
  return `export const later = {\n${lines.join('\n')}\n};\n`;
}
