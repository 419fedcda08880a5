import { LOCALE_STATUS_EVENT } from '@lit/localize/internal/locale-status-event.js';
import { baseOf, catalogues, isTranslated, spokenTag } from './languages.js';
import { pageLanguage } from './page-language.js';

/** From now on the page is spoken to in this language; the words of another one than English come a moment later. */
export function speak(asked: string): void {
  const page = pageLanguage();
  const tag = spokenTag(asked);
  if (tag === page.wanted) return;
  page.wanted = tag;
  if (page.turn || isTranslated(baseOf(tag))) page.turn = settle(tag, page.turn);
  else tell(tag);
}

/** One after the other, so that what was asked for last is what stays. */
async function settle(tag: string, before: Promise<void> | null): Promise<void> {
  await before;
  const page = pageLanguage();
  if (page.wanted !== tag) return;
  const base = baseOf(tag);
  try {
    const words = isTranslated(base) ? catalogues[base]() : null;
    const { setLocale } = await import('./voice.js');
    await Promise.all([words, setLocale(base)]);
    tell(tag);
  } catch (error) {
    // The page goes on in the language that it has; whoever asks again makes another attempt.
    page.wanted = page.tag;
    console.warn(`Signalbox: the words of “${tag}” could not be loaded.`, error);
  }
}

/** Tells every element of every copy to draw itself anew. */
function tell(tag: string): void {
  const page = pageLanguage();
  page.tag = tag;
  page.formats.clear();
  const detail = { status: 'ready', readyLocale: baseOf(tag) };
  window.dispatchEvent(new CustomEvent(LOCALE_STATUS_EVENT, { detail }));
}
