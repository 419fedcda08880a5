import '../button/define.js';
import { define } from '../../define.js';
import { SignalboxConnection } from './connection.js';

define('signalbox-connection', SignalboxConnection);

export { SignalboxConnection };
