/** The pages of the settings, but for those about certificates. */
import { define } from '../../define.js';
import { adopt } from '../adopted-styles.js';
import { AuditPage } from '../audit/audit.js';
import { auditStyles } from '../audit/audit.styles.js';
import { CopyButton } from '../copy-button.js';
import { MonitoringPage } from '../monitoring/monitoring.js';
import { monitoringStyles } from '../monitoring/monitoring.styles.js';
import { SettingsPage } from '../pages/settings.js';
import { TokensPage } from '../pages/tokens.js';
import { UsersPage } from '../pages/users.js';
import { SettingsList } from './settings-list.js';
import { settingsStyles } from './settings.styles.js';

adopt(document, settingsStyles, auditStyles, monitoringStyles);
define('console-copy', CopyButton);
define('console-settings-list', SettingsList);
define('console-users', UsersPage);
define('console-tokens', TokensPage);
define('console-settings', SettingsPage);
define('console-audit', AuditPage);
define('console-monitoring', MonitoringPage);
