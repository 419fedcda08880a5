/** The language that the page declares for an element: the nearest `lang`, across shadow roots; empty where there is none. */
export function languageOf(element: Element): string {
  const near = element.closest('[lang]');
  if (near) return near.getAttribute('lang') ?? '';
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? languageOf(root.host) : '';
}
