/** The console over the fleet of `fleet.ts`, without a server: for pictures, and for trying a style. */
import '../console/main.js';
import type { ConsoleApp } from '../console/app.js';
import { FakeClient } from './fake-client.js';
import { fleetClient } from './fleet.js';

const options = new URLSearchParams(location.search);
const client = options.has('empty') ? new FakeClient() : fleetClient();
if (options.has('empty')) client.answer = () => ({ connections: [] });
if (options.has('stale')) client.setState({ phase: 'reconnecting', lastKnownAt: Date.now() });
const app = document.createElement('signalbox-console') as ConsoleApp;
if (!options.has('sign-in')) Object.assign(app, { client, user: { username: 'mira', role: 'admin' } });
document.body.append(app);
