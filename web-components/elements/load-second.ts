/** One function for all that show it: what was loaded for one is there for all. */
export const loadSecond = () => import('./second.js');
