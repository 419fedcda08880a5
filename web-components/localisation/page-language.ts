const LANGUAGE = Symbol.for('signalbox.language.v1');

/** Plain “en” says nothing of dates; ours are the 22 Nov, not the Nov 22. */
export const sourceTag = 'en-GB';

/** What a page is spoken to in. It sits on globalThis, so that two bundles on one page write their dates alike. */
export interface PageLanguage {
  /** The BCP 47 tag that is spoken. */
  tag: string;
  /** What was asked for last, as it was asked for; its words may still be on their way. */
  wanted: string;
  /** Ends when all that was asked for so far is settled; null where nothing ever had to be loaded. */
  turn: Promise<void> | null;
  /** What Intl made for `tag`: dear to make, cheap to ask. */
  formats: Map<string, unknown>;
}

export function pageLanguage(): PageLanguage {
  const page = globalThis as { [LANGUAGE]?: PageLanguage };
  page[LANGUAGE] ??= { tag: sourceTag, wanted: '', turn: null, formats: new Map() };
  return page[LANGUAGE];
}

/** The language that words, numbers and dates are written in, as a BCP 47 tag. */
export const language = (): string => pageLanguage().tag;
