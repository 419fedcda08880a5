import { format } from './format.js';

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The form that fits the count: `plural(n, { one: msg(str`${n} line`), other: msg(str`${n} lines`) })`. */
export function plural(count: number, forms: Forms): string {
  return forms[format(Intl.PluralRules, {}).select(count)] ?? forms.other;
}
