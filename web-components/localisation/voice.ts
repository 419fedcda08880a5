/** @lit/localize at run time: loaded with the first language that is not English, and configured once in each copy of ours. */
import { configureLocalization } from '@lit/localize/init/runtime.js';
import { catalogues, sourceLocale, type Translated } from './languages.js';

export const { setLocale } = configureLocalization({
  sourceLocale,
  targetLocales: Object.keys(catalogues),
  loadLocale: (locale) => catalogues[locale as Translated](),
});
