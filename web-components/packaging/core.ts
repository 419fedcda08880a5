/** The part of the build that every door shares: all that a page begins with, and what finds the elements that it doesn't begin with. */
export * from './at-once.js';
export { Autoloader } from './autoload.js';
