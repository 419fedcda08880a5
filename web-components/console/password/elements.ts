/** The dialog in which a user changes the own password. */
import { define } from '../../define.js';
import { ConsolePassword } from './password.js';

define('console-password', ConsolePassword);
