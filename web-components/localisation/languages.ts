import { sourceTag } from './page-language.js';

export const sourceLocale = 'en';

/** Where the words of each language are; a new one is one line here. English stands in the source. */
export const catalogues = {
  de: () => import('./catalogues/de.js'),
};

export type Translated = keyof typeof catalogues;

/** “de” of “de-AT”. */
export const baseOf = (tag: string): string => tag.split('-')[0] ?? '';

export const isTranslated = (base: string): base is Translated => Object.hasOwn(catalogues, base);

/** The tag in which a page that asks for `asked` is spoken to: its own where we know the language, else English. */
export function spokenTag(asked: string): string {
  try {
    const [tag = sourceLocale] = Intl.getCanonicalLocales(asked.trim().replaceAll('_', '-'));
    if (isTranslated(baseOf(tag))) return tag;
    return baseOf(tag) === sourceLocale && tag !== sourceLocale ? tag : sourceTag;
  } catch {
    // What is no language tag names no language.
    return sourceTag;
  }
}
