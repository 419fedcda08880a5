/** What an empty house shows to the one who has just started it. */
import { define } from '../../define.js';
import { adopt } from '../adopted-styles.js';
import { FirstRun } from './first-run.js';
import { guideStyles } from './guide.styles.js';

adopt(document, guideStyles);
define('console-first-run', FirstRun);
