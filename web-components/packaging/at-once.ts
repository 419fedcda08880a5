/** What every page with elements begins with, as classes that nobody has registered: one part of the build, whatever its door. */
export * from '../client/index.js';
export * from '../context/client-context.js';
export * from '../controllers/index.js';
export { define } from '../define.js';
export { SignalboxButton } from '../elements/button/button.js';
export type { SignalboxEventMap, StartRequest } from '../elements/events.js';
export { SignalboxProgress } from '../elements/progress/progress.js';
export { SignalboxProvider } from '../elements/provider/provider.js';
