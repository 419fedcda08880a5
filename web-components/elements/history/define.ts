import '../log/define.js';
import { define } from '../../define.js';
import { SignalboxHistory } from './history.js';

define('signalbox-history', SignalboxHistory);

export { SignalboxHistory };
