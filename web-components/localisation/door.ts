/** The one door to what the elements say: every sentence goes through `msg`, so that it can be said in another language. */
export { msg, str, updateWhenLocaleChanges } from '@lit/localize';
