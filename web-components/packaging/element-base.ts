/** Names that a page has and a server lacks, so that a bundle can be imported there; the build puts them in for the global ones. */
const base = globalThis.HTMLElement ?? class {};

export { base as HTMLElement };
