/**
 * The services of a node, in the order of its list. Those of the two published lists (Cisco's VVB CLI guide and a TAC note
 * on HCM-F) stand in their order; the others are usual on a call manager and make the list longer than a screen.
 */
import type { ServiceState } from './services.js';

export const TOMCAT = 'Cisco Tomcat';

export const NOT_ACTIVATED = 'Service Not Activated';
export const COMMANDED_OUT = 'Commanded Out of Service';
export const NOT_RUNNING = 'Component is not running';

export interface CatalogueEntry {
  name: string;
  state: ServiceState;
  reason: string;
  /** Written with blanks inside its brackets, as some lists have it. */
  wide?: true;
}

const started = (name: string): CatalogueEntry => ({ name, state: 'STARTED', reason: '' });
const stopped = (name: string, reason: string): CatalogueEntry => ({ name, state: 'STOPPED', reason });

/** Lines of the operating system; no command of ours changes them. */
export const systemServices: readonly string[] = [
  'System SSH [STARTED]',
  'Cluster Manager [STARTED]',
  'Name Service Cache [STOPPED] Service Not Activated',
  'Entropy Monitoring Daemon [STARTED]',
  'Cisco SCSI Watchdog [STARTED]',
  'Service Manager [STARTED]',
];

export const featureServices: readonly CatalogueEntry[] = [
  started('A Cisco DB'),
  started('A Cisco DB Replicator'),
  started('Cisco AMC Service'),
  started('Cisco Audit Event Service'),
  started('Cisco CallManager'),
  started('Cisco Certificate Change Notification'),
  started('Cisco Certificate Expiry Monitor'),
  started('Cisco DRF Local'),
  started('Cisco Database Layer Monitor'),
  started('Cisco HAProxy'),
  started('Cisco Log Partition Monitoring Tool'),
  started('Cisco RIS Data Collector'),
  started('Cisco Syslog Agent'),
  started(TOMCAT),
  started('Cisco Tomcat Stats Servlet'),
  started('Platform Administrative Web Service'),
  started('Platform Communication Web Service'),
  started('SNMP Master Agent'),
  stopped('Cisco DirSync', NOT_ACTIVATED),
  stopped('Cisco DRF Master', COMMANDED_OUT),
  { ...stopped('Cisco IP Voice Media Streaming App', NOT_ACTIVATED), wide: true },
];
