/**
 * What button and progress show of the server's answers: how a run stands, in lamps, words and forms, and a start's question. In one
 * file, loaded while the answers are on their way. Without it a button starts and says why it can't, and a progress says in a
 * sentence what runs.
 */
import { furtherBase } from '../styles/further-base.styles.js';
import { furtherControl } from '../styles/further-control.styles.js';
import { furtherTokens } from '../styles/further-tokens.styles.js';
import { lampStyles } from '../styles/lamp.styles.js';
import { notice } from '../styles/notice.styles.js';
import { track } from '../styles/track.styles.js';
import { formStyles } from './progress/form.styles.js';

export { joinedSentence } from './button/joined.js';
export { question } from './button/question.js';
export { lamp } from './lamp/lamp.js';
export { small } from './progress/form.js';
export { announcement } from './progress/sentences.js';
export { measureOf, problemSentence, staleSentence } from './words.js';

export const styles = [furtherTokens, furtherBase, lampStyles, furtherControl, notice, track, formStyles];
