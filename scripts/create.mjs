/** `npm run create -- operation my_type`: a folder under plugins/ with a type that works, to be made one's own. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './sources.mjs';

const USAGE = 'Usage: npm run create -- operation my_type';
const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const LONGEST_NAME = 64;

function title(type) {
  const words = type.replaceAll('_', ' ');
  return words[0].toUpperCase() + words.slice(1);
}

/** Why nothing can be made, in one sentence, or null. */
function problemOf(kind, type, directory) {
  if (kind !== 'operation' || !type) return `${USAGE}.`;
  if (!NAME.test(type) || type.length > LONGEST_NAME)
    return `The type ${JSON.stringify(type)} is no name: use lower-case words joined by underscores, such as disk_check.`;
  if (existsSync(join(directory, 'plugins/operations', type))) return `plugins/operations/${type} exists already.`;
  return null;
}

/** Makes the folder and answers with the paths of its files; throws an error of one sentence where it can't. */
export function create(kind, type, directory = root) {
  const problem = problemOf(kind, type, directory);
  if (problem) throw new Error(problem);
  const templates = join(root, 'scripts/templates', kind);
  const words = { type, title: title(type), name: type.replaceAll('_', '-') };
  const folder = `plugins/operations/${type}`;
  mkdirSync(join(directory, folder), { recursive: true });
  return readdirSync(templates).map((template) => {
    const text = readFileSync(join(templates, template), 'utf8');
    const path = `${folder}/${template.replace('operation.', `${type}.`).replace(/\.txt$/, '')}`;
    writeFileSync(
      join(directory, path),
      text.replace(/\{\{(\w+)\}\}/g, (_whole, word) => words[word]),
    );
    return path;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    for (const path of create(process.argv[2], process.argv[3])) console.log(path);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
