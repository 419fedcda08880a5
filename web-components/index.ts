/** Everything a page needs: the elements, registered, and what a page of its own making is built with. */
import './elements/button/define.js';
import './elements/history/define.js';
import './elements/log/define.js';
import './elements/progress/define.js';
import './elements/provider/define.js';

export * from './client/index.js';
export * from './context/client-context.js';
export * from './controllers/index.js';
export { SignalboxButton } from './elements/button/button.js';
export type { SignalboxEventMap, StartRequest } from './elements/events.js';
export { SignalboxHistory } from './elements/history/history.js';
export { SignalboxLog } from './elements/log/log.js';
export { SignalboxProgress } from './elements/progress/progress.js';
export { SignalboxProvider } from './elements/provider/provider.js';
