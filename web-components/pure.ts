/** Every element as a class, none of them defined: for pages that give them names of their own. Importing it changes nothing. */
export * from './packaging/at-once.js';
export * from './controllers/index.js';
export { SignalboxConnection } from './elements/connection/connection.js';
export { SignalboxExpiry } from './elements/expiry/expiry.js';
export { SignalboxFleet } from './elements/fleet/fleet.js';
export { SignalboxHistory } from './elements/history/history.js';
export { SignalboxLog } from './elements/log/log.js';
