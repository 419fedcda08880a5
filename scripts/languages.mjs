/**
 * `node scripts/languages.mjs`: writes what the elements say into each language's xliff file, where what is new waits for its
 * translation, and makes the catalogues that the page loads. `--check` writes nothing and fails where one of them is stale.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeLitLocalizer } from '@lit/localize-tools/lib/modes/runtime.js';
import { format, resolveConfig } from 'prettier';
import { root } from './sources.mjs';

const UNTRANSLATED = 'has no translation.';
const HEAD = '/** Made by `node scripts/languages.mjs`; change the xliff file that it is made from. */';

/** What lit-localize reads from its configuration, without writing into it. */
export function readConfig(directory = root) {
  const config = JSON.parse(readFileSync(join(directory, 'lit-localize.json'), 'utf8'));
  return { ...config, baseDir: directory, resolve: (path) => resolve(directory, path) };
}

const textOf = ({ contents }) =>
  contents.map((part) => (typeof part === 'string' ? part : part.untranslatable)).join('');

const isSaid = (message) => message !== undefined && textOf(message).trim() !== '';

/** lit-localize's own module without its head: what the page loads holds no more than it needs, and keeps our style. */
async function tidied(code) {
  const lines = code
    .replaceAll('\u00a0', '\\u00a0')
    .replace("from '@lit/localize'", "from '@lit/localize/internal/str-tag.js'")
    .split('\n')
    .filter((line) => !/^\s*(\/\/|\/\*)/.test(line));
  const style = await resolveConfig(join(root, 'package.json'));
  return format([HEAD, ...lines].join('\n'), { ...style, parser: 'typescript' });
}

/** What a language lacks, and what it says that nobody asks for any more; one sentence each. */
export function gaps(locale, messages, translations) {
  const asked = new Set(messages.map(({ name }) => name));
  const missing = messages.filter(({ name }) => !isSaid(translations.get(name)));
  const stale = [...translations.values()].filter(({ name }) => !asked.has(name));
  return [
    ...missing.map((message) => `${locale}: “${textOf(message)}” ${UNTRANSLATED}`),
    ...stale.map((message) => `${locale}: “${textOf(message)}” translates what nobody says any more.`),
  ];
}

/** What the sources say, what is known of it in each language, and the modules that come of both; asked of the compiler once. */
async function read(directory) {
  const config = readConfig(directory);
  const made = mkdtempSync(join(tmpdir(), 'signalbox-languages-'));
  const localizer = new RuntimeLitLocalizer({ ...config, output: { ...config.output, outputDir: made } });
  try {
    const { messages, errors } = localizer.extractSourceMessages();
    const problems = [...errors.map(({ messageText }) => messageText), ...localizer.validateTranslations().errors];
    if (problems.length === 0) await localizer.build();
    const { translations } = localizer.readTranslationsSync();
    const language = async (locale) => ({
      locale,
      path: join(config.resolve(config.output.outputDir), `${locale}.ts`),
      // What can't be built says why in `problems`.
      code: problems.length === 0 ? await tidied(readFileSync(join(made, `${locale}.ts`), 'utf8')) : '',
      gaps: gaps(locale, messages, new Map((translations.get(locale) ?? []).map((one) => [one.name, one]))),
    });
    return { localizer, problems, languages: await Promise.all(config.targetLocales.map(language)) };
  } finally {
    rmSync(made, { recursive: true });
  }
}

const isStale = ({ path, code }) => !existsSync(path) || readFileSync(path, 'utf8') !== code;

/** What is wrong with the languages as they are stored; null where each of them says everything. */
export async function languageProblem(directory = root) {
  const { problems, languages } = await read(directory);
  const stale = languages.filter(isStale).map(({ path }) => `${path} is stale.`);
  const all = [...problems, ...languages.flatMap((language) => language.gaps), ...stale];
  return all.length > 0 ? [...all, 'Run: node scripts/languages.mjs'].join('\n') : null;
}

/** Brings all languages up to date; answers with what still has no translation. */
export async function update(directory = root) {
  const { localizer, problems, languages } = await read(directory);
  if (problems.length > 0) return problems;
  await localizer.writeInterchangeFiles();
  for (const { path, code } of languages) writeFileSync(path, code);
  return languages.flatMap((language) => language.gaps.filter((gap) => gap.endsWith(UNTRANSLATED)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problem = process.argv.includes('--check') ? await languageProblem() : (await update()).join('\n');
  if (problem) console.error(problem);
  process.exitCode = problem ? 1 : 0;
}
