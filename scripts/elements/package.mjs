/**
 * `npm run build:package`: what only those who develop with the elements need, beside what the build has made: custom-elements.json,
 * the types, and those for React. It takes seconds and the developers' tools, so a server starts without it.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../sources.mjs';
import { manifestOf } from './manifest.mjs';
import { reactTypes } from './react.mjs';

/** Writes the types of every door with all that they name. */
function declarations(directory, out) {
  const args = ['node_modules/typescript/bin/tsc', '-p', 'web-components/packaging/tsconfig.json', '--outDir', out];
  const child = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(said.trim()))));
  });
}

/** Makes everything; `out` is the folder of the page's built files. */
export async function buildPackage(directory = root, out = join(directory, 'dist/web')) {
  const [manifest] = await Promise.all([manifestOf(directory), declarations(directory, join(out, 'types'))]);
  const pathOf = (tag) => `./web-components/elements/${tag.replace(/^signalbox-/, '')}/define.js`;
  await mkdir(join(out, 'elements/v1'), { recursive: true });
  await writeFile(join(out, 'elements/v1/custom-elements.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(out, 'types/react.d.ts'), reactTypes(manifest, pathOf));
  return manifest;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const began = performance.now();
  await buildPackage();
  console.error(`Built the package in ${Math.round(performance.now() - began)} ms.`);
}
