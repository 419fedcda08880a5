/** A language that lacks a sentence, or keeps one that nobody says any more, does not pass unseen. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { gaps, languageProblem, readConfig, update } from './languages.mjs';
import { root } from './sources.mjs';

const said = (name: string, ...contents: unknown[]) => ({ name, contents });
const place = { untranslatable: '${count}', index: 0 };

t.test('names what is missing and what is stale', async (t) => {
  const messages = [said('s1', 'Retry'), said('s2', place, ' lines'), said('s3', 'Copy')];
  const known = [said('s1', 'Wiederholen'), said('s3', '  '), said('s4', 'Weg')];
  t.same(gaps('de', messages, new Map(known.map((message) => [message.name, message]))), [
    'de: “${count} lines” has no translation.',
    'de: “Copy” has no translation.',
    'de: “Weg” translates what nobody says any more.',
  ]);
});

t.test('keeps a small tree up to date', async (t) => {
  const config = readConfig();
  const directory = t.testdir({
    'lit-localize.json': JSON.stringify({
      ...config,
      tsConfig: 'tsconfig.json',
      inputFiles: ['one.ts'],
      output: { ...config.output, outputDir: 'catalogues' },
      interchange: { format: 'xliff', xliffDir: 'xliff' },
      baseDir: undefined,
    }),
    'one.ts':
      "import { msg, str } from './door.js';\nexport const say = (n: number) => [msg('Retry'), msg(str`${n} lines`)];",
    'door.ts':
      'type Tagged = { strTag: true };\nexport declare const str: ((s: TemplateStringsArray, ...v: unknown[]) => Tagged) & { _LIT_LOCALIZE_STR_?: never };\nexport declare const msg: ((t: string | Tagged) => string) & { _LIT_LOCALIZE_MSG_?: never };',
    'tsconfig.json':
      '{"compilerOptions":{"target":"es2015","lib":["es2015"],"types":[],"moduleResolution":"bundler","module":"esnext"}}',
    catalogues: {},
    xliff: {},
  });
  t.same(await update(directory), ['de: “Retry” has no translation.', 'de: “${n} lines” has no translation.']);
  t.match(await languageProblem(directory), 'de: “Retry” has no translation.');
  const path = join(directory, 'xliff/de.xlf');
  const translate = (xml: string) =>
    xml
      .replace('<source>Retry</source>', '<source>Retry</source>\n  <target>Wiederholen</target>')
      .replace(/(<source>(<x [^>]*>) lines<\/source>)/, '$1\n  <target>$2 Zeilen</target>');
  writeFileSync(path, translate(readFileSync(path, 'utf8')));
  t.match(await languageProblem(directory), /de\.ts is stale\./);
  t.same(await update(directory), []);
  t.equal(await languageProblem(directory), null);
  const catalogue = readFileSync(join(directory, 'catalogues/de.ts'), 'utf8');
  t.match(catalogue, /: `Wiederholen`,/);
  t.match(catalogue, /: str`\$\{0\} Zeilen`,/);
  writeFileSync(join(directory, 'one.ts'), 'export {};');
  t.match(await languageProblem(directory), 'de: “Wiederholen” translates what nobody says any more.');
});

t.test('every language of ours says everything', async (t) => {
  t.equal(await languageProblem(), null);
});

t.test('the page knows every language that there is', async (t) => {
  const table = readFileSync(join(root, 'web-components/localisation/languages.ts'), 'utf8');
  const known = [...table.matchAll(/^ {2}(\w+): \(\) => import/gm)].map(([, locale]) => locale);
  t.same(known, readConfig().targetLocales);
});
