/** The product by its real entry point, with a filled database, its own tokens, and the bench's plugin in it. */
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { mintToken } from '../../dist/server/auth/tokens.js';
import { freshSqlite } from '../databases.mjs';
import { Side } from '../side.mjs';
import { seed } from './seed.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const ENTRY = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
export const PLUGIN = fileURLToPath(new URL('./plugin.mjs', import.meta.url));
export const SECRET = 'the-secret-of-a-bench-that-guards-nothing';

/** As every run of the bench sets it; a proxy's word on addresses counts, so that one machine can play many. */
export const environment = (dataDir) => ({
  PORT: '0',
  SIGNALBOX_DATA_DIR: dataDir,
  SIGNALBOX_JWT_SECRET: SECRET,
  SIGNALBOX_LOG_LEVEL: 'error',
  SIGNALBOX_START_LIMIT: '0',
  SIGNALBOX_TRUSTED_PROXIES: '127.0.0.1/32',
});

const QUIET_MS = 20;
const LOOK_EVERY_MS = 500;

/** After its start it plans renewals for every connection; what is measured is a house that has done so. */
async function quiet(side) {
  for (let quietly = 0; quietly < 2;) {
    const before = await side.cpuMs();
    await wait(LOOK_EVERY_MS);
    quietly = (await side.cpuMs()) - before < QUIET_MS ? quietly + 1 : 0;
  }
}

/** Starts it; `execArgv` as for node. Answers with the side, its port, tokens of its accounts and its connections' ids. */
export async function openProduct({ users = 1, connections = 1, operations = 0, env = {}, execArgv = [] } = {}) {
  const place = await freshSqlite();
  const { accounts, connections: ids } = await seed(place.settings, { users, connections, operations });
  const tokens = accounts.map((account) => mintToken(Buffer.from(SECRET), account, Date.now()).token);
  const settings = { ...environment(place.settings.dataDir), SIGNALBOX_PLUGINS: PLUGIN, ...env };
  const side = new Side(ENTRY, { env: settings, execArgv, cwd: ROOT });
  const { port } = await side.heard('listening');
  await quiet(side);
  return {
    side,
    port,
    tokens,
    connections: ids,
    async end() {
      await side.end();
      await place.remove();
    },
  };
}
