/** The console: Signalbox's own page, made of the same elements that portals get. What is not on every page comes by doors.ts. */
import '../elements/provider/define.js';
import { define } from '../define.js';
import { adoptStyles } from './adopted-styles.js';
import { ConsoleApp } from './app.js';
import { ConsoleBar } from './bar.js';
import { ConsoleMenu } from './menu.js';
import { ConsoleOutage } from './outage.js';
import { ConsoleSignIn } from './session/sign-in.js';
import { FleetPage } from './pages/fleet.js';
import { initialTheme, showTheme } from './theme.js';

adoptStyles(document);
showTheme(initialTheme());
define('console-menu', ConsoleMenu);
define('console-bar', ConsoleBar);
define('console-outage', ConsoleOutage);
define('console-sign-in', ConsoleSignIn);
define('console-fleet', FleetPage);
define('signalbox-console', ConsoleApp);
