/**
 * How to load each element that a page does not begin with, by its tag. The build writes this list from the folders of
 * elements/, so that none is forgotten; it is empty where the sources run as they are, as in tests, which import what they need.
 */
export const later: Readonly<Record<string, () => Promise<unknown>>> = {};
