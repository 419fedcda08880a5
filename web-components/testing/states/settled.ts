import type { LitElement } from 'lit';

const isLit = (element: Element): element is LitElement => 'updateComplete' in element;

/** All elements in a part of the page, those inside the shadow of others too. */
export function everyElement(place: Element | ShadowRoot): Element[] {
  return [...place.querySelectorAll('*')].flatMap((element) => [
    element,
    ...(element.shadowRoot ? everyElement(element.shadowRoot) : []),
  ]);
}

const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);

/** Waits until no element in it has anything left to draw, and nothing fades any more. */
export async function settled(place: Element): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet += 1) {
    const drawing = everyElement(place).filter(isLit);
    const idle = await Promise.all(drawing.map((element) => element.updateComplete));
    if (!idle.every(Boolean)) quiet = -1;
    await frame();
  }
  const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  await Promise.all(fading.map((animation) => animation.finished.catch(() => undefined)));
}
