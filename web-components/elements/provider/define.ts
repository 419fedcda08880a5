import { define } from '../../define.js';
import { SignalboxProvider } from './provider.js';

define('signalbox-provider', SignalboxProvider);

export { SignalboxProvider };
