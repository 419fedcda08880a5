/** Each element in each state, as it is seen in a dark theme. */
import { axeMatrix } from '../testing/states/axe-matrix.js';

axeMatrix('dark');
