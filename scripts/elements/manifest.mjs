/** custom-elements.json: what the analyzer reads out of the sources, cut to what a page can use and pointing at what is served. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf } from '../sources.mjs';
import { tokenSheets } from './short-tokens.mjs';

// The analyzer writes 1.0.0, whose form is that of 2.x without what later versions added as optional.
const SCHEMA_VERSION = '2.1.0';

/** The analyzer's own manifest of every element's source. Its program would also write into package.json. */
async function analyzed(directory) {
  const { create, ts } = await import('@custom-elements-manifest/analyzer');
  const { litPlugin } = await import('@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js');
  const sources = filesOf('web-components/elements', directory).filter((path) => path.endsWith('.ts'));
  const modules = await Promise.all(
    sources.map(async (path) =>
      ts.createSourceFile(path, await readFile(join(directory, path), 'utf8'), ts.ScriptTarget.ES2015, true),
    ),
  );
  return create({ modules, plugins: litPlugin(), context: { dev: false, thirdPartyCEMs: [] } });
}

/** The `--signalbox-*` properties with their defaults, as the tokens' sheets have them. */
export function themeOf(sheet) {
  const found = [...sheet.matchAll(/--_[\w-]+:\s*var\(\s*(--signalbox-[\w-]+),\s*([^;]+?)\s*\);/g)];
  // The first is the one that counts: those in media queries come later.
  const theme = new Map();
  for (const [, name, value] of found) if (!theme.has(name)) theme.set(name, value.replace(/\s+/g, ' '));
  return [...theme].map(([name, value]) => ({ name, default: value.replaceAll('--_', '--signalbox-') }));
}

// The analyzer calls "public" what stands in Lit's table of properties, and takes an element's own state from there too.
const isPublic = ({ name, privacy = 'public', static: isStatic }) =>
  privacy === 'public' && !isStatic && !name.startsWith('#');

/** An element as a page sees it. */
function cut(declaration, theme) {
  const {
    name,
    tagName,
    description,
    members: all = [],
    attributes = [],
    events,
    slots,
    cssParts,
    cssProperties = [],
  } = declaration;
  const members = all.filter(isPublic);
  const isMember = ({ fieldName }) => members.some((member) => member.name === fieldName);
  return {
    ...{ kind: 'class', customElement: true, name, tagName, description },
    ...{ members, attributes: attributes.filter(isMember), events: events?.map(typed), slots, cssParts },
    cssProperties: [...cssProperties, ...theme],
    superclass: { name: 'LitElement', package: 'lit' },
  };
}

const typed = (event) => ({ ...event, type: { text: `HTMLElementEventMap['${event.name}']` } });

function moduleOf(declaration) {
  const { name, tagName } = declaration;
  const path = `${tagName.replace(/^signalbox-/, '')}.js`;
  return {
    ...{ kind: 'javascript-module', path, declarations: [declaration] },
    exports: [
      { kind: 'js', name, declaration: { name, module: path } },
      { kind: 'custom-element-definition', name: tagName, declaration: { name, module: path } },
    ],
  };
}

/** The manifest; the paths are those of the files beside it. */
export async function manifestOf(directory) {
  const { modules } = await analyzed(directory);
  const elements = modules.flatMap(({ declarations = [] }) => declarations).filter(({ tagName }) => tagName);
  const theme = themeOf(tokenSheets(directory));
  const ours = elements.filter(({ tagName }) => tagName.startsWith('signalbox-'));
  return { schemaVersion: SCHEMA_VERSION, readme: '', modules: ours.map((each) => moduleOf(cut(each, theme))) };
}
