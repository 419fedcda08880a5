/**
 * Registers an element once; a page that holds two copies keeps the first and hears of it. Does nothing where there is no
 * registry: on a server that only imports.
 */
export function define(name: `${string}-${string}`, element: CustomElementConstructor): void {
  const known = globalThis.customElements?.get(name);
  if (!known) globalThis.customElements?.define(name, element);
  else if (known !== element) console.warn(`<${name}> is registered by another copy of Signalbox; that one is used.`);
}
