/** Each element in each state, as it is seen where the colours are the person's own. Firefox can't be told to force them. */
import { isFirefox } from '../testing/states/appearance.js';
import { axeMatrix } from '../testing/states/axe-matrix.js';

if (!isFirefox) axeMatrix('forced-colors');
