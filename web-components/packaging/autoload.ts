/** Loads an element when its tag is first seen, so that a page has one address to know and loads no more than it shows. */
type Loaders = Readonly<Record<string, () => Promise<unknown>>>;

export class Autoloader {
  readonly #loaders: Loaders;
  readonly #loading = new Map<string, Promise<unknown>>();

  /** `loaders`: how to load each element, by its tag. */
  constructor(loaders: Loaders) {
    this.#loaders = loaders;
  }

  /** Loads an element by its tag; at once where it is defined already. Throws where there is none of this name. */
  async load(tag: string): Promise<void> {
    if (customElements.get(tag)) return;
    const loader = this.#loaders[tag];
    if (!loader) throw new RangeError(`load: expected a tag of Signalbox, got: ${tag}`);
    const loading = this.#loading.get(tag) ?? loader();
    this.#loading.set(tag, loading);
    // What failed is asked for again when the tag is seen again.
    loading.catch(() => this.#loading.delete(tag));
    await loading;
  }

  /** Loads what is in `root` now and what comes into it later; returns what ends that. Shadow roots within are not looked into. */
  watch(root: Document | ShadowRoot | Element): () => void {
    this.#look(root);
    const observer = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) if (node instanceof Element) this.#look(node);
      }
    });
    observer.observe(root, { childList: true, subtree: true });
    return () => observer.disconnect();
  }

  #look(root: Document | ShadowRoot | Element): void {
    for (const tag of Object.keys(this.#loaders)) {
      if (customElements.get(tag)) continue;
      const isSeen = (root as Element).localName === tag || root.querySelector(tag);
      if (isSeen) this.load(tag).catch((error: unknown) => console.error(`<${tag}> could not be loaded.`, error));
    }
  }
}
