import { baseOf, catalogues, isTranslated, sourceLocale } from './languages.js';
import { pageLanguage } from './page-language.js';

/**
 * From now on the page is spoken to in this language, a moment later where it is another one than plain English. One after the
 * other, so that what was asked for last is what stays.
 */
export function speak(asked: string): void {
  const page = pageLanguage();
  const base = baseOf(asked);
  page.wanted = asked;
  if (page.turn || isTranslated(base) || (base === sourceLocale && asked !== base))
    page.turn = settle(asked, page.turn);
}

async function settle(asked: string, before: Promise<void> | null): Promise<void> {
  const base = baseOf(asked);
  try {
    // The words come beside what speaks them.
    const words = isTranslated(base) ? catalogues[base]() : null;
    const [voice] = await Promise.all([import('./voice.js'), words, before]);
    await voice.settle(asked);
  } catch (error) {
    // The page goes on in the language that it has; whoever asks again makes another attempt.
    console.warn(`Signalbox: the words of “${asked}” could not be loaded.`, error);
  }
}
