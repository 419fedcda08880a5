/** Each element in each state, as it is seen in a light theme. */
import { axeMatrix } from '../testing/states/axe-matrix.js';

axeMatrix('light');
