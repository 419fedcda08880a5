/** The same stories behind Debian's nginx with TLS, configured by nginx/'s own template; and those that only nginx can tell. */
import t from 'tap';
import { Site } from './site.js';
import { stories } from './stories/all.js';
import { proxyReloads, upstreamDies } from './stories/behind-nginx.js';
import { blockedSocket } from './stories/blocked-socket.js';
import { deadToken } from './stories/dead-token.js';
import { killed } from './stories/server-restarts.js';
import { together } from './stories/together.js';

const FULL = Boolean(process.env['SIGNALBOX_TEST_FULL']);
const told = FULL ? stories : [together, killed, blockedSocket, deadToken];

const site = await Site.open({ behindNginx: true });
t.teardown(() => site.close());

for (const { title, tell } of [...told, proxyReloads, upstreamDies]) t.test(title, (t) => tell(t, site));

t.test('no page broke its policy, and no error went uncaught', (t) => {
  t.same(site.complaints, []);
  t.end();
});
