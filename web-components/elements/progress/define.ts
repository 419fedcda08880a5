import { define } from '../../define.js';
import { SignalboxProgress } from './progress.js';

define('signalbox-progress', SignalboxProgress);

export { SignalboxProgress };
