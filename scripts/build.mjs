/**
 * `npm run build`: from the sources to dist/. The server's files are transpiled one by one to the same paths; the elements and
 * the console become a few. dist/build.json is written last, so that half a build is never taken for a whole one.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { elementsBuilds, slim, uncut } from './elements/bundle.mjs';
import { writeIntegrity } from './elements/integrity.mjs';
import { minifiedTemplates } from './elements/minified-templates.mjs';
import { root, serverSources, sourceHash, testPlugins } from './sources.mjs';

const NODE = { format: 'esm', platform: 'node', target: 'node20', sourcemap: 'linked', logLevel: 'warning' };
// As web-components/tsconfig.json says; given here so that the build reads no settings but these.
const DECORATORS = { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } };
// es2022: every browser that has import maps and container queries, which the elements need anyway.
const WEB = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  // Portals must not be sent looking for a map; a developer can attach it by hand.
  sourcemap: 'external',
  legalComments: 'external',
  conditions: ['production'],
  tsconfigRaw: DECORATORS,
  logLevel: 'warning',
};

/** What the console is made of, by the path in dist/web/ without its extension. */
const consoleEntries = {
  'console/main': 'web-components/console/main.ts',
  'console/console': 'web-components/console/console.css',
};

/** Everything goes but the lock of the start that builds. */
async function clear(dist) {
  await mkdir(dist, { recursive: true });
  const names = await readdir(dist);
  await Promise.all(names.filter((name) => name !== '.lock').map((name) => rm(join(dist, name), { recursive: true })));
}

function transpile(esbuild, directory, files) {
  return esbuild.build({
    ...NODE,
    absWorkingDir: directory,
    entryPoints: files,
    outbase: '.',
    outdir: 'dist',
    tsconfigRaw: { compilerOptions: { target: 'es2022', verbatimModuleSyntax: true } },
  });
}

function consoleBuild(directory) {
  const entries = Object.entries(consoleEntries).filter(([, source]) => existsSync(join(directory, source)));
  if (entries.length === 0) return null;
  return {
    ...{ ...WEB, absWorkingDir: directory, outdir: 'dist/web' },
    entryPoints: entries.map(([out, source]) => ({ in: source, out })),
    // The console's rarer pages come when they are opened.
    splitting: true,
    chunkNames: 'console/[name]-[hash]',
    plugins: [...slim(directory), minifiedTemplates(directory, uncut(directory, consoleEntries['console/main']))],
  };
}

/** The settings of the page's bundles, for a build and for `npm run dev`. */
export function webBuilds(directory = root) {
  return [consoleBuild(directory), ...elementsBuilds(directory, WEB)].filter((each) => each !== null);
}

/** The files beside a built one that it loads at once; what it loads later, by `import()`, is not among them. */
export function loadedAtOnce(code) {
  return [...code.matchAll(/\b(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)].map(([, name]) => name);
}

/** Puts each file's content hash behind its address, so that browsers may keep what they have for ever. */
export function withHashes(page, hashOf) {
  return page.replace(/(src|href)="(\/console\/([\w.-]+\.(?:js|css)))"/g, (whole, attribute, address, name) => {
    const hash = hashOf(name);
    return hash ? `${attribute}="${address}?v=${hash}"` : whole;
  });
}

/** Names what the console's first file loads at once, so that browsers fetch it beside that one and not after it. */
function withPreloads(page, code) {
  const links = loadedAtOnce(code).map((name) => `  <link rel="modulepreload" href="/console/${name}" />\n  `);
  return page.replace('</head>', `${links.join('')}</head>`);
}

async function contentHash(path) {
  const content = await readFile(path);
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** Writes what is known only when the bundles are there: the digests of the elements, the console's page with its files' hashes. */
export async function buildPage(directory = root) {
  await writeIntegrity(join(directory, 'dist/web/elements/v1'));
  const source = join(directory, 'web-components/console/index.html');
  if (!existsSync(source)) return;
  const out = join(directory, 'dist/web/console');
  const names = (await readdir(out)).filter((name) => /\.(js|css)$/.test(name));
  const hashes = new Map(await Promise.all(names.map(async (name) => [name, await contentHash(join(out, name))])));
  const page = withHashes(await readFile(source, 'utf8'), (name) => hashes.get(name));
  const code = hashes.has('main.js') ? await readFile(join(out, 'main.js'), 'utf8') : '';
  await writeFile(join(out, 'index.html'), withPreloads(page, code));
}

/** Builds the elements alone into `out`, a folder for the page's files; `more` are settings of esbuild's. */
export async function buildElements(directory, out, more = {}) {
  const esbuild = await import('esbuild');
  const outdir = join(out, 'elements/v1');
  await Promise.all(elementsBuilds(directory, WEB).map((each) => esbuild.build({ ...each, outdir, ...more })));
  await writeIntegrity(outdir);
}

/** Puts the plugins of the tests beside the build, so that a server of the build can load them. */
export async function buildTestPlugins(directory = root) {
  await transpile(await import('esbuild'), directory, testPlugins(directory));
}

/** Builds everything; answers with how long it took, in ms. */
export async function build(directory = root) {
  const began = performance.now();
  const sources = sourceHash(directory);
  const esbuild = await import('esbuild');
  const dist = join(directory, 'dist');
  await clear(dist);
  await mkdir(join(dist, 'web/console'), { recursive: true });
  const pages = webBuilds(directory).map((each) => esbuild.build(each));
  await Promise.all([transpile(esbuild, directory, serverSources(directory)), ...pages]);
  await buildPage(directory);
  await writeFile(join(dist, 'build.json'), `${JSON.stringify({ sources }, null, 2)}\n`);
  return Math.round(performance.now() - began);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const durationMs = await build();
  console.error(`Built in ${durationMs} ms.`);
}
