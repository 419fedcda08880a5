/**
 * What every page with elements begins with, as classes that nobody has registered: one part of the build, whatever its door.
 * The elements first: what is alike then lies near enough to each other for gzip to see it.
 */
export { SignalboxProvider } from '../elements/provider/provider.js';
export type { SignalboxEventMap, StartRequest } from '../elements/events.js';
export { SignalboxButton } from '../elements/button/button.js';
export { SignalboxProgress } from '../elements/progress/progress.js';
export { define } from '../define.js';
export { ClockController } from '../controllers/clock-controller.js';
export { OperationsController } from '../controllers/operations-controller.js';
export type { Host } from '../controllers/watching.js';
export * from '../context/client-context.js';
export * from '../client/index.js';
