/**
 * Lit's css`` for browsers that can adopt style sheets: all that know what else the elements need. The build puts it in for
 * Lit's own, half of which is for the others; slim.test.ts holds the two against each other.
 */
export type CSSResultOrNative = CSSResult | CSSStyleSheet;

export const supportsAdoptingStyleSheets = true;

export class CSSResult {
  readonly cssText: string;
  #sheet: CSSStyleSheet | undefined;

  constructor(cssText: string) {
    this.cssText = cssText;
  }

  /** Made when it is first adopted: there is none on a server. */
  get styleSheet(): CSSStyleSheet {
    if (!this.#sheet) (this.#sheet = new CSSStyleSheet()).replaceSync(this.cssText);
    return this.#sheet;
  }

  toString(): string {
    return this.cssText;
  }
}

export function unsafeCSS(value: unknown): CSSResult {
  return new CSSResult(String(value));
}

/** Takes sheets and numbers only: text in a sheet may be anything. */
function textOf(value: CSSResult | number): string {
  if (value instanceof CSSResult || typeof value === 'number') return String(value);
  throw new TypeError(`css: expected a number or css, got: ${String(value)}`);
}

export function css(texts: TemplateStringsArray, ...values: (CSSResult | number)[]): CSSResult {
  return new CSSResult(texts.reduce((all, text, at) => all + textOf(values[at - 1] as CSSResult | number) + text));
}

export function adoptStyles(root: ShadowRoot, styles: readonly CSSResultOrNative[]): void {
  root.adoptedStyleSheets = styles.map((style) => (style instanceof CSSStyleSheet ? style : style.styleSheet));
}

export function getCompatibleStyle(style: CSSResultOrNative): CSSResultOrNative {
  return style;
}
