export const sourceLocale = 'en';

/** Where the words of each language are; a new one is one line here. English stands in the source. */
export const catalogues = {
  de: () => import('./catalogues/de.js'),
};

export type Translated = keyof typeof catalogues;

/** “de” of “de-AT”, as it was asked for or as it is spoken. */
export const baseOf = (tag: string): string => tag.trim().slice(0, 2).toLowerCase();

export const isTranslated = (base: string): base is Translated => Object.hasOwn(catalogues, base);
