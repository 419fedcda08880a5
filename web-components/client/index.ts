/** The framework-free client: live operations for any page, or for a program that brings its own WebSocket. */
export type * from './contract.js';
export type { ClientOptions } from './surroundings.js';
export { createClient } from './client.js';
export { sharedClient } from './shared-client.js';
export { RequestProblem } from './problem.js';
export { isActive } from './scope.js';
