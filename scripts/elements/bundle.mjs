/** How the elements become the files under /elements/v1/: several doors, one build, what they share in parts named by content. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { elementDoors, laterModule, loadedLater } from './entries.mjs';
import { minifiedTemplates } from './minified-templates.mjs';

const PACKAGING = 'web-components/packaging';
const CORE = `${PACKAGING}/core.ts`;
/** What the core loads when a page is idle; every part behind it may build on it. */
const SECOND = 'web-components/elements/second.ts';
const BASE = `${PACKAGING}/element-base.ts`;
const PROVIDER = 'web-components/elements/provider/define.ts';

/** Loads other contents for the modules whose path matches. */
const instead = (name, filter, load) => ({ name, setup: (bundler) => bundler.onLoad({ filter }, load) });

/** lit-html as it is for Node: the same but for the one line that asks for a document when it is only imported. */
const importable = instead('importable', /[\\/]lit-html[\\/]lit-html\.js$/, async ({ path }) => ({
  contents: await readFile(join(dirname(path), 'node/lit-html.js'), 'utf8'),
  loader: 'js',
}));

/** Parts of Lit that are larger for what our elements never use; web-components/packaging says which and why. */
export function slim(directory) {
  if (!existsSync(join(directory, PACKAGING))) return [];
  const ours = (file) => async () => ({
    contents: await readFile(join(directory, PACKAGING, file), 'utf8'),
    loader: 'ts',
  });
  return [
    instead('slim-decorators', /[\\/]lit[\\/]decorators\.js$/, ours('slim-decorators.ts')),
    instead('slim-css', /[\\/]reactive-element[\\/]css-tag\.js$/, ours('slim-css.ts')),
  ];
}

/** packaging/later.ts as the folders say it. */
const laterElements = (directory) =>
  instead('later-elements', /[\\/]packaging[\\/]later\.ts$/, () => ({
    contents: laterModule(directory),
    loader: 'ts',
  }));

/**
 * What a file must begin with. Where doors share some modules and not others, esbuild cuts what they share into a part for each
 * combination of doors, and twenty parts travel worse than one. A door or later part that names the whole core shares all of it:
 * nothing is cut.
 */
export function uncut(directory, core, doors = []) {
  const whole = join(directory, core);
  if (!existsSync(whole)) return async () => '';
  const named = new Set([...doors.map((source) => join(directory, source)), ...loadedLater(directory)]);
  return async (path) => (named.has(path) && path !== whole ? `import ${JSON.stringify(whole)};\n` : '');
}

/** The same of what the core loads second, for the parts that are larger than a page's first: they hold what it holds. */
function withSecond(directory, first) {
  const second = join(directory, SECOND);
  const pure = join(directory, 'web-components/pure.ts');
  const elements =
    /[\\/]web-components[\\/]elements[\\/](?!button|progress|provider)[\w-]+[\\/]define\.ts$|[\\/]large\.ts$/;
  return async (path) => {
    const isLarger = existsSync(second) && (path === pure || elements.test(path));
    return `${await first(path)}${isLarger ? `import ${JSON.stringify(second)};\n` : ''}`;
  };
}

/** No element shows anything without a provider, and one that is there first is heard by all that come later. */
function behindProvider(directory, first) {
  const provider = join(directory, PROVIDER);
  const single = /[\\/]web-components[\\/]elements[\\/][\w-]+[\\/]define\.ts$/;
  return async (path) => {
    const before = single.test(path) && path !== provider && existsSync(provider);
    return `${await first(path)}${before ? `import ${JSON.stringify(provider)};\n` : ''}`;
  };
}

/** The settings of the elements' bundles on top of `web`, those of every bundle of the page. */
export function elementsBuilds(directory, web) {
  const { client, ...doors } = elementDoors(directory);
  const common = { ...web, absWorkingDir: directory, outdir: 'dist/web/elements/v1' };
  const entryPoints = (named) => Object.entries(named).map(([out, source]) => ({ in: source, out }));
  const builds = [];
  // The client is for pages without Lit: a file that stands for itself. It shares its line with the elements on the page.
  if (client) builds.push({ ...common, entryPoints: entryPoints({ client }), plugins: [minifiedTemplates(directory)] });
  if (Object.keys(doors).length === 0) return builds;
  const first = behindProvider(directory, withSecond(directory, uncut(directory, CORE, Object.values(doors))));
  builds.push({
    ...common,
    entryPoints: entryPoints(doors),
    splitting: true,
    chunkNames: '[name]-[hash]',
    // A server that imports an element finds no HTMLElement there.
    inject: [BASE].filter((path) => existsSync(join(directory, path))),
    plugins: [importable, ...slim(directory), laterElements(directory), minifiedTemplates(directory, first)],
  });
  return builds;
}
