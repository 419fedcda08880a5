import { define } from '../../define.js';
import { SignalboxExpiry } from './expiry.js';

define('signalbox-expiry', SignalboxExpiry);

export { SignalboxExpiry };
