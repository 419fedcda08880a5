import { base } from '../styles/base.styles.js';
import { control } from '../styles/control.styles.js';
import { lampStyles } from '../styles/lamp.styles.js';
import { panel } from '../styles/panel.styles.js';
import { tokens } from '../styles/tokens.styles.js';
import { track } from '../styles/track.styles.js';

/** The console's pages stand in the document itself and share the elements' sheets: written once, allowed by a strict style-src. */
export function adoptStyles(page: Document): void {
  const sheets = [tokens, base, lampStyles, control, panel, track].flatMap(({ styleSheet }) => styleSheet ?? []);
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, ...sheets];
}
