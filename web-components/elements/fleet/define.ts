import { define } from '../../define.js';
import { SignalboxFleet } from './fleet.js';
import { FleetRow } from './row.js';

define('signalbox-fleet-row', FleetRow);
define('signalbox-fleet', SignalboxFleet);

export { SignalboxFleet };
