/** A process of its own that composes and starts a server, and tells which packages are loaded by then. */
import { createRequire } from 'node:module';
import { startHouse } from './house.js';

const house = await startHouse({ SIGNALBOX_LOG_LEVEL: 'silent' });
const loaded = Object.keys(createRequire(import.meta.url).cache);
const packages = loaded.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? '');
await house.stop();
process.stdout.write(`${JSON.stringify([...new Set(packages)])}\n`);
