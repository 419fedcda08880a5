/**
 * What esbuild leaves alone: the insides of css``, html`` and svg`` templates. A sheet goes through esbuild's own CSS minifier;
 * of markup nothing goes but white space that a browser would fold anyway.
 */
import { readFile } from 'node:fs/promises';
import { shorteningIn } from './short-tokens.mjs';
import { templatesOf } from './template-literals.mjs';

// White space counts in these, and what stands in a comment may be meant.
const LEFT_ALONE = /<!--|<(?:pre|textarea|script|style|title)\b/i;
/** Stands for an expression while a template is one text: a character of the private use area, which none of ours has. */
const HOLE = '\uE000';

const written = (text) => text.replace(/[\\`]|\$(?=\{)/g, '\\$&');

/** esbuild leaves the values of custom properties as they are written; in ours white space means nothing behind a colon or comma. */
const foldedTokens = (sheet) =>
  sheet.replace(/(--[\w-]+:|var\(--[\w-]+,|light-dark\([^,()]*,)\s+/g, '$1').replace(/\s+\)/g, ')');

/** Minified where it is a whole sheet in itself; null where that is not known to be safe. */
async function minifiedSheet(text, esbuild) {
  if (text.includes(HOLE) || text.includes('\\')) return null;
  const { code, warnings } = await esbuild.transform(text, { loader: 'css', minify: true, logLevel: 'silent' });
  return warnings.length > 0 ? null : written(foldedTokens(code.trim()));
}

/** Within a tag: one space between attributes, none before its end; what is in quotes stays. */
function foldedTag(tag) {
  const folded = tag.replace(/("[^"]*"|'[^']*')|\s+/g, (_whole, quoted) => quoted ?? ' ');
  return folded.replace(/ (\/?>)$/, '$1');
}

/** The markup with its white space folded as a browser folds it; in SVG, where it means nothing between tags, without. */
export function foldedMarkup(markup, tag) {
  if (LEFT_ALONE.test(markup)) return markup;
  const parts = markup.split(/(<\/?[a-zA-Z](?:"[^"]*"|'[^']*'|[^'">])*>)/);
  const folded = parts.map((part, index) => (index % 2 ? foldedTag(part) : part.replace(/\s+/g, ' ')));
  return folded.map((part) => (tag === 'svg' && part === ' ' ? '' : part)).join('');
}

async function minified(tag, text, esbuild) {
  if (tag === 'css') return minifiedSheet(text, esbuild);
  return text.includes('\\') ? null : foldedMarkup(text, tag);
}

/** The code with its css``, html`` and svg`` templates made smaller; all else stays byte for byte. */
export async function withMinifiedTemplates(code, esbuild) {
  const ours = templatesOf(code).filter(({ tag }) => ['css', 'html', 'svg'].includes(tag));
  const changes = await Promise.all(
    ours.map(async ({ tag, texts }) => {
      const text = texts.map(({ start, end }) => code.slice(start, end)).join(HOLE);
      const parts = (await minified(tag, text, esbuild))?.split(HOLE);
      return parts?.length === texts.length ? parts.map((part, index) => ({ ...texts[index], part })) : [];
    }),
  );
  const ordered = changes.flat().sort((a, b) => b.start - a.start);
  return ordered.reduce((now, { start, end, part }) => now.slice(0, start) + part + now.slice(end), code);
}

/** The esbuild plugin: for every source of the page in `directory`. `first` may add what a file begins with. */
export function minifiedTemplates(directory, first = async () => '') {
  const shortened = shorteningIn(directory);
  return {
    name: 'minified-templates',
    setup: (bundler) =>
      bundler.onLoad({ filter: /[\\/]web-components[\\/].*\.ts$/ }, async ({ path }) => {
        const code = await readFile(path, 'utf8');
        const minify = bundler.initialOptions.minify !== false;
        const contents = minify ? await withMinifiedTemplates(shortened(code), bundler.esbuild) : code;
        return { contents: `${await first(path)}${contents}`, loader: 'ts' };
      }),
  };
}
