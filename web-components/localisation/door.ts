/**
 * The one door to what the elements say: every sentence goes through `msg` when it is drawn, so that it can be said in another
 * language; every number, date and duration through Intl. English needs no more than this; the rest is loaded when it is asked for.
 */
export * from './first-door.js';
export { str } from '@lit/localize/internal/str-tag.js';
export { language } from './page-language.js';
export { number, percent } from './numbers.js';
