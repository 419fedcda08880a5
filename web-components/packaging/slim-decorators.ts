/**
 * Lit’s decorators as far as the console uses them, in the form that TypeScript compiles to. The build puts them in for
 * lit/decorators.js, which knows every other form too and is ten times their size; slim.test.ts holds them against Lit's own.
 */
import type { PropertyDeclaration, ReactiveElement } from 'lit';

type Decorator = (proto: object, name: string) => void;

export function property(options?: PropertyDeclaration): Decorator {
  return (proto, name) => (proto.constructor as typeof ReactiveElement).createProperty(name, options);
}

/** A property of the element's own: no attribute, redrawn at each change. */
export function state(options?: Omit<PropertyDeclaration, 'attribute'>): Decorator {
  return property({ ...options, state: true, attribute: false });
}

/** The first match in what the element draws, looked for at each reading. */
export function query(selector: string): Decorator {
  const found = {
    get(this: ReactiveElement): Element | null {
      return this.renderRoot?.querySelector(selector) ?? null;
    },
    configurable: true,
    enumerable: true,
  };
  return (proto, name) => {
    Object.defineProperty(proto, name, found);
  };
}
