/** The form in which a connection is added or changed. */
import { define } from '../../define.js';
import { ConnectionFormPage } from '../pages/connection-form.js';

define('console-connection-form', ConnectionFormPage);
