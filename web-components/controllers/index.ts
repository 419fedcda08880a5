/** Reactive controllers: what our own elements are made of, for pages that draw their own. */
export { ClockController } from './clock-controller.js';
export { FleetController } from './fleet-controller.js';
export { LogController } from './log-controller.js';
export { OperationsController } from './operations-controller.js';
export type { Host } from './watching.js';
