/** The page of one connection and what stands on it. */
import '../../elements/button/define.js';
import '../../elements/history/define.js';
import '../../elements/log/define.js';
import '../../elements/progress/define.js';
import { define } from '../../define.js';
import { CopyButton } from '../copy-button.js';
import { HostKeyCard } from '../cards/host-key.js';
import { SharingCard } from '../cards/sharing.js';
import { ConnectionPage } from '../pages/connection.js';
import { ServiceStart } from '../service-start.js';
import { LiveOperation } from './live.js';
import { OperationActions } from './operation-actions.js';

define('console-copy', CopyButton);
define('console-service-start', ServiceStart);
define('console-host-key', HostKeyCard);
define('console-sharing', SharingCard);
define('console-operation-actions', OperationActions);
define('console-live', LiveOperation);
define('console-connection', ConnectionPage);
