import { noChange } from 'lit';
import { Directive, directive, type ElementPart, PartType, type PartInfo } from 'lit/directive.js';

type Properties = Readonly<Record<`--${string}`, string>>;

/** Lit's own styleMap writes a style attribute first, which a strict style-src refuses; the CSSOM is always allowed. */
class CustomProperties extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('customProperties: expected the element itself');
  }

  override update(part: ElementPart, [properties]: [Properties]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(properties)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return noChange;
  }

  override render(_properties: Properties): typeof noChange {
    return noChange;
  }
}

/** Sets custom properties on an element without a style attribute: `<i ${customProperties({ '--p': '54%' })}></i>`. */
export const customProperties = directive(CustomProperties);
