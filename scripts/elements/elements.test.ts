import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import t from 'tap';
import ts from 'typescript';
import { filesOf, root } from '../sources.mjs';
import { laterModule, loadedLater } from './entries.mjs';
import { digestOf, importMapOf } from './integrity.mjs';
import { themeOf } from './manifest.mjs';
import { foldedMarkup, withMinifiedTemplates } from './minified-templates.mjs';
import { shortening, shorteningIn } from './short-tokens.mjs';
import { templatesOf } from './template-literals.mjs';

interface Found {
  tag: string;
  texts: string[];
}

/** The templates of a source as TypeScript's own parser sees them. */
function parsed(code: string): Found[] {
  const source = ts.createSourceFile('x.ts', code, ts.ScriptTarget.ES2022, true);
  const found: (Found & { at: number })[] = [];
  const raw = (node: ts.TemplateLiteralLikeNode): string => node.rawText ?? '';
  const visit = (node: ts.Node): void => {
    if (ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) {
      const tag = ts.isTaggedTemplateExpression(node.parent) ? node.parent.tag.getText() : '';
      const texts = ts.isTemplateExpression(node)
        ? [raw(node.head), ...node.templateSpans.map(({ literal }) => raw(literal))]
        : [raw(node)];
      if (!ts.isLiteralTypeNode(node.parent)) found.push({ tag, texts, at: node.getStart() });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.sort((a, b) => a.at - b.at).map(({ tag, texts }) => ({ tag, texts }));
}

function read(code: string): Found[] {
  return templatesOf(code).map(({ tag, texts }: { tag: string; texts: { start: number; end: number }[] }) => ({
    tag,
    texts: texts.map(({ start, end }) => code.slice(start, end)),
  }));
}

const sources = filesOf('web-components', root).filter((path: string) => path.endsWith('.ts'));

t.test('tokens', async (t) => {
  const sheet = ':host { --_ink: var(--signalbox-ink, #000); --_ink-2: var(--signalbox-ink-2, var(--_ink)); }';

  t.test('get short names of their own, whatever else begins like them', async (t) => {
    const short = shortening(sheet);
    t.equal(short('a { color: var(--_ink); fill: var(--_ink-2); }'), 'a { color: var(--_0); fill: var(--_1); }');
    t.equal(short('var(--_ink-22) var(--signalbox-ink) --_inky'), 'var(--_ink-22) var(--signalbox-ink) --_inky');
  });

  t.test('are written out in full wherever the page uses them, and no short name is taken', async (t) => {
    const short = shorteningIn(root);
    const code = sources.map((path: string) => readFileSync(join(root, path), 'utf8')).join('\n');
    const used: string[] = code.match(/--_[\w-]+/g) ?? [];
    const shortened = used.filter((name: string) => short(name) !== name);
    t.ok(shortened.length > 300, `${shortened.length} uses`);
    t.same(code.match(/--_(?![a-z])|--_[\w-]*\$/g), null, 'none is put together of pieces');
    t.same(
      used.filter((name) => shortened.some((token) => short(token) === name)),
      [],
    );
  });
});

t.test('templates', async (t) => {
  t.test('are found where TypeScript finds them, in every source of the page', async (t) => {
    let count = 0;
    for (const path of sources) {
      const code = readFileSync(join(root, path), 'utf8');
      const ours = read(code).filter(({ tag }) => tag !== '');
      count += ours.length;
      t.same(
        ours,
        parsed(code).filter(({ tag }) => tag !== ''),
        path,
      );
    }
    t.ok(count > 100, `${count} templates`);
  });

  t.test('are found behind all that looks like one', async (t) => {
    const code = [
      '// html`no`',
      "const a = 'html`no`' + /`[/`]`/.source + `${[1].map((n) => html`<b>${{ n }.n / 2}</b>`)}`;",
      '/* css`no` */ const b = a / 2; const c = css`a { b: \\`c\\`; }`; return html`<i>${`${x}`}</i>`;',
    ].join('\n');
    t.same(read(code), parsed(code));
    t.same(
      read(code).map(({ tag }) => tag),
      ['', 'html', 'css', 'html', ''],
    );
    t.throws(() => read('html`<p>'), SyntaxError);
  });

  t.test('become smaller and stay what they are', async (t) => {
    const code =
      'const a = css`\n  p {\n    margin: 0;\n  }\n`;\nconst b = html`<p\n    class="a  b"\n    ?x=${ y }\n  >\n  Two   words ${ z }\n</p>`;';
    t.equal(
      await withMinifiedTemplates(code, esbuild),
      'const a = css`p{margin:0}`;\nconst b = html`<p class="a  b" ?x=${ y }> Two words ${ z } </p>`;',
    );
  });

  t.test('stay as they are where white space counts or where it is not known', async (t) => {
    for (const same of [
      'css`a{ color: ${ red } }`',
      'html`<pre>  a  </pre>`',
      'html`<!--  -->`',
      'str`a  b`',
      'css`a{content:"\\\\2014"}`',
    ])
      t.equal(await withMinifiedTemplates(same, esbuild), same);
  });

  t.test('lose white space between tags in SVG only', async (t) => {
    t.equal(foldedMarkup('<g>\n  <path d="M0  0"\n   />\n</g>', 'svg'), '<g><path d="M0  0"/></g>');
    t.equal(foldedMarkup('<b>a</b>\n  <i>b</i>', 'html'), '<b>a</b> <i>b</i>');
  });

  t.test('keep every expression and every word in every source of the page', async (t) => {
    const words = (found: Found[]) =>
      found
        .filter(({ tag }) => tag !== 'css')
        .map(({ tag, texts }) => [tag, ...texts.map((text) => text.replace(/\s+/g, ''))]);
    for (const path of sources) {
      const code = readFileSync(join(root, path), 'utf8');
      const small = await withMinifiedTemplates(code, esbuild);
      t.same(words(parsed(small)), words(parsed(code)), path);
    }
  });
});

t.test('the doors', async (t) => {
  const index = "define('signalbox-button', SignalboxButton);\n";
  const elements = { button: { 'define.ts': '' }, log: { 'define.ts': '' }, lamp: { 'lamp.ts': '' } };

  t.test('know each element that is not defined at once, by its folder', async (t) => {
    const dir = t.testdir({ 'web-components': { 'index.ts': index, elements } });
    t.equal(
      laterModule(dir),
      "export const later = {\n'signalbox-log': () => import('../elements/log/define.js'),\n};\n",
    );
  });

  t.test('know what is loaded later wherever it stands', async (t) => {
    const code = "const a = () => import('./b/c.js');\nconst d = import(name);\n";
    const dir = t.testdir({ 'web-components': { 'a.ts': code, 'a.test.ts': "import('./x.js')" } });
    t.same([...loadedLater(dir)], [join(dir, 'web-components/b/c.ts')]);
  });

  t.test('are named in the import map, the parts only checked', async (t) => {
    const digest = digestOf('x');
    t.match(digest, /^sha384-[\w+/]{64}$/);
    t.same(importMapOf({ 'signalbox.js': digest, 'log.js': digest, 'chunk-ABCDEFGH.js': digest }), {
      imports: {
        'signalbox/elements': '/elements/v1/signalbox.js',
        'signalbox/elements/log': '/elements/v1/log.js',
      },
      integrity: {
        '/elements/v1/signalbox.js': digest,
        '/elements/v1/log.js': digest,
        '/elements/v1/chunk-ABCDEFGH.js': digest,
      },
    });
  });

  t.test('say which properties a page can set, each once with its default', async (t) => {
    const sheet =
      '--_a: var(--signalbox-a, 1px); --_b: var(--signalbox-b, var(--_a)); @media x { --_a: var(--signalbox-a, 2px); }';
    t.same(themeOf(sheet), [
      { name: '--signalbox-a', default: '1px' },
      { name: '--signalbox-b', default: 'var(--signalbox-a)' },
    ]);
  });
});
