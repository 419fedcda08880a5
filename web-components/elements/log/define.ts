import { define } from '../../define.js';
import { SignalboxLog } from './log.js';

define('signalbox-log', SignalboxLog);

export { SignalboxLog };
