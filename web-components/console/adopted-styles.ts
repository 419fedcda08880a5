import type { CSSResult } from 'lit';
import { base } from '../styles/base.styles.js';
import { control } from '../styles/control.styles.js';
import { lampStyles } from '../styles/lamp.styles.js';
import { panel } from '../styles/panel.styles.js';
import { tokens } from '../styles/tokens.styles.js';
import { track } from '../styles/track.styles.js';

/** Gives the page further sheets; a strict style-src allows these. */
export function adopt(page: Document, ...styles: readonly CSSResult[]): void {
  const sheets = styles.flatMap(({ styleSheet }) => styleSheet ?? []);
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, ...sheets];
}

/** The console's pages stand in the document itself and share the elements' sheets: written once. */
export function adoptStyles(page: Document): void {
  adopt(page, tokens, base, lampStyles, control, panel, track);
}
