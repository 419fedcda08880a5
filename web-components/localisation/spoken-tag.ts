import { isTranslated, sourceLocale } from './languages.js';
import { sourceTag } from './page-language.js';

/** The tag in which a page that asks for `asked` is spoken to: its own where we know the language, else English. */
export function spokenTag(asked: string): string {
  try {
    const [tag = sourceLocale] = Intl.getCanonicalLocales(asked.trim().replaceAll('_', '-'));
    const base = tag.split('-')[0] ?? '';
    if (isTranslated(base)) return tag;
    return base === sourceLocale && tag !== sourceLocale ? tag : sourceTag;
  } catch {
    // What is no language tag names no language.
    return sourceTag;
  }
}
