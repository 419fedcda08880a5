/** The renewals' page; a file of its own, loaded when it is shown first. */
import '../../elements/expiry/define.js';
import '../../elements/progress/define.js';
import { define } from '../../define.js';
import { stations } from '../../styles/stations.styles.js';
import { RenewalsPage } from './page.js';
import { renewalsStyles } from './renewals.styles.js';

const sheets = [stations, renewalsStyles].flatMap(({ styleSheet }) => styleSheet ?? []);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];
define('console-renewals', RenewalsPage);
