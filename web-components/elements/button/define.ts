import { define } from '../../define.js';
import { SignalboxButton } from './button.js';

define('signalbox-button', SignalboxButton);

export { SignalboxButton };
