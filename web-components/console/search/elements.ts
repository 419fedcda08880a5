/** The search of the bar. */
import { define } from '../../define.js';
import { adopt } from '../adopted-styles.js';
import { ConsoleSearch } from './search.js';
import { searchStyles } from './search.styles.js';

adopt(document, searchStyles);
define('console-search', ConsoleSearch);
