/** @lit/localize at run time: loaded with the first language that is not plain English, and configured once in each copy of ours. */
import { configureLocalization } from '@lit/localize/init/runtime.js';
import { LOCALE_STATUS_EVENT } from '@lit/localize/internal/locale-status-event.js';
import { baseOf, catalogues, sourceLocale, type Translated } from './languages.js';
import { pageLanguage } from './page-language.js';
import { spokenTag } from './spoken-tag.js';

const { setLocale } = configureLocalization({
  sourceLocale,
  targetLocales: Object.keys(catalogues),
  loadLocale: (locale) => catalogues[locale as Translated](),
});

/** Speaks what was asked for, unless something else was asked for since, and tells every element of every copy to draw itself anew. */
export async function settle(asked: string): Promise<void> {
  const page = pageLanguage();
  const tag = spokenTag(asked);
  if (page.wanted !== asked || page.tag === tag) return;
  await setLocale(baseOf(tag));
  page.tag = tag;
  page.formats.clear();
  const detail = { status: 'ready', readyLocale: baseOf(tag) };
  window.dispatchEvent(new CustomEvent(LOCALE_STATUS_EVENT, { detail }));
}
