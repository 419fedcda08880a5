/** The peers of U2 look as our row does, without its containment: they are as they are usually written. */
import { rowStyles } from '../../web-components/elements/fleet/row.styles.js';
import { COLUMNS } from './fleet-facts.mjs';

const { document, CSSStyleSheet } = globalThis;

export function adoptStyle() {
  const css = rowStyles
    .flat(9)
    .map((each) => each.cssText)
    .join('\n')
    .replace(/content-visibility:[^;]*;|contain-intrinsic-block-size:[^;]*;/g, '')
    .replace(/:host\(([^)]*)\)/g, '.fleet-row$1')
    .replaceAll(':host', '.fleet-row');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${css}\n.fleet { --_columns: ${COLUMNS}; }`);
  document.adoptedStyleSheets = [sheet];
}
