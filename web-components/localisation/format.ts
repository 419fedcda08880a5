import { pageLanguage } from './page-language.js';

/** A formatter of Intl for the spoken language, made once: `format(Intl.NumberFormat, { … }).format(3)`. */
export function format<Format, Options extends object>(
  Kind: new (tag: string, options?: Options) => Format,
  options: NoInfer<Options>,
): Format {
  const { tag, formats } = pageLanguage();
  const name = `${Kind.name} ${JSON.stringify(options)}`;
  const made = (formats.get(name) as Format | undefined) ?? new Kind(tag, options);
  formats.set(name, made);
  return made;
}
