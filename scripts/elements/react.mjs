/** The types that React 19 needs to know the elements: JSX tags with their properties and events, made of the manifest. */

const HEAD = `import type { DetailedHTMLProps, HTMLAttributes } from 'react';
`;

const BODY = `
type EventOf<Name extends string> = Name extends keyof HTMLElementEventMap ? HTMLElementEventMap[Name] : CustomEvent;
/** React listens to \`signalbox-start\` by the prop \`onsignalbox-start\`. */
type Listeners<Names extends string> = { [Name in Names as \`on\${Name}\`]?: (event: EventOf<Name>) => void };
type Props<Element extends HTMLElement, Names extends keyof Element, Events extends string> = Omit<
  DetailedHTMLProps<HTMLAttributes<Element>, Element>,
  Names
> &
  Partial<Pick<Element, Names>> &
  Listeners<Events>;
`;

const union = (names) => (names.length > 0 ? names.map((name) => `'${name}'`).join(' | ') : 'never');

const isSettable = ({ kind, readonly }) => kind === 'field' && !readonly;

function tagOf({ name, tagName, members, events = [] }) {
  const properties = members.filter(isSettable).map((member) => member.name);
  const listeners = events.map((event) => event.name);
  return `      '${tagName}': Props<${name}, ${union(properties)}, ${union(listeners)}>;`;
}

/** The text of react.d.ts; `pathOf` answers where the types of an element are, by its tag. */
export function reactTypes(manifest, pathOf) {
  const elements = manifest.modules.flatMap(({ declarations }) => declarations);
  const imports = elements.map(({ name, tagName }) => `import type { ${name} } from '${pathOf(tagName)}';`);
  const tags = elements.map(tagOf);
  return [
    `${HEAD}${imports.join('\n')}\n${BODY}`,
    `declare module 'react' {\n  namespace JSX {\n    interface IntrinsicElements {\n${tags.join('\n')}\n    }\n  }\n}\n`,
  ].join('\n');
}
