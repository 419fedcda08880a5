/** Registers an element once; a page that holds two copies keeps the first and hears of it. */
export function define(name: `${string}-${string}`, element: CustomElementConstructor): void {
  const known = customElements.get(name);
  if (!known) customElements.define(name, element);
  else if (known !== element) console.warn(`<${name}> is registered by another copy of Signalbox; that one is used.`);
}
