/** What a page can check the elements' files against: integrity.json, and the same as an import map. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ADDRESS = '/elements/v1/';
const NAMED_BY_CONTENT = /-[A-Z0-9]{8}\.js$/;

/** As the `integrity` attribute wants it. */
export const digestOf = (content) => `sha384-${createHash('sha384').update(content).digest('base64')}`;

/** The digest of each script in the folder, by the file's name. */
export async function digestsOf(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js')).sort();
  const digests = await Promise.all(names.map(async (name) => [name, digestOf(await readFile(join(folder, name)))]));
  return Object.fromEntries(digests);
}

const specifierOf = (name) =>
  name === 'signalbox.js' ? 'signalbox/elements' : `signalbox/elements/${name.replace(/\.js$/, '')}`;

/** What a page on the server's own origin puts into `<script type="importmap">`: the parts that a door loads are checked, too. */
export function importMapOf(digests) {
  const doors = Object.keys(digests).filter((name) => !NAMED_BY_CONTENT.test(name));
  return {
    imports: Object.fromEntries(doors.map((name) => [specifierOf(name), ADDRESS + name])),
    integrity: Object.fromEntries(Object.entries(digests).map(([name, digest]) => [ADDRESS + name, digest])),
  };
}

/** Writes both beside the scripts; does nothing where no elements were built. */
export async function writeIntegrity(folder) {
  if (!existsSync(folder)) return;
  const digests = await digestsOf(folder);
  const write = (name, value) => writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  await Promise.all([write('integrity.json', digests), write('importmap.json', importMapOf(digests))]);
}
