/**
 * `npm run pictures [directory]`: the console at three widths, light and dark, on a running server with real operations; to be
 * looked at after each change of a page. Also makes docs/console.png.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { Appliance } from '../../lab/vos/appliance.js';
import { startChromium } from '../peers/chromium.js';
import { ADMIN_PASSWORD, signIn, startHouse, until, type Visitor } from '../peers/house.js';
import { startOpenSsh } from '../peers/openssh.js';
import { startTcp } from '../peers/tcp-server.js';
import { tempDir } from '../peers/temp.js';

const WIDTHS = { phone: 390, tablet: 834, wide: 1440 };
const THEMES = ['light', 'dark'] as const;
const README_PICTURE = { path: 'docs/console.png', view: 'restart-running', size: 'wide', theme: 'light' };
/** So that two minutes of the appliance's restart have passed while the page still counts down from five. */
const CLOCK = 10;

const out = process.argv[2] ?? (await tempDir('signalbox-pictures-')).path;
await mkdir(out, { recursive: true });
const sshd = await startOpenSsh();
const silent = await startTcp(() => undefined);
const house = await startHouse({ SIGNALBOX_LEASE_SECONDS: '30' });
const admin = await signIn(house.url);
const chromium = await startChromium();

async function connect(name: string, port: number, password: string): Promise<number> {
  const body = { name, platform: 'linux', hostname: '127.0.0.1', port, username: sshd.user, password };
  return Number((await admin.call('POST', '/connections', body)).body['id']);
}

async function connectVos(name: string, appliance: Appliance): Promise<number> {
  const { username, password } = appliance;
  const body = { name, platform: 'vos', hostname: '127.0.0.1', port: appliance.sshPort, username, password };
  const platformSettings = { servedPort: appliance.tlsPort, restartTimeoutSeconds: 300 };
  const services = ['Cisco Tomcat', 'Cisco DirSync'];
  return Number((await admin.call('POST', '/connections', { ...body, platformSettings, services })).body['id']);
}

async function restart(id: number, reached: (operation: Record<string, unknown>) => boolean): Promise<void> {
  const started = await admin.call('POST', `/connections/${id}/operations/service_restart`);
  const path = started.headers.get('location') ?? '';
  await until(async () => (await admin.call('GET', path)).body, reached, 120_000);
}

async function run(who: Visitor, id: number, wait = true): Promise<void> {
  const started = await who.call('POST', `/connections/${id}/operations/ssh_test`);
  const path = started.headers.get('location') ?? '';
  if (!wait) return;
  await until(
    async () => (await who.call('GET', path)).body,
    (operation) => operation['completedAt'] !== null,
  );
}

/** Waits until the page has drawn what it was told, by two frames and the fonts. */
const settled = (page: Page) =>
  page.evaluate(
    'document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))',
  );

async function shoot(
  page: Page,
  view: string,
  size: keyof typeof WIDTHS,
  theme: (typeof THEMES)[number],
): Promise<void> {
  await page.setViewport({ width: WIDTHS[size], height: 900 });
  // Still: a picture in mid-transition shows colours that nobody sees.
  const features = { 'prefers-color-scheme': theme, 'prefers-reduced-motion': 'reduce' };
  await page.emulateMediaFeatures(Object.entries(features).map(([name, value]) => ({ name, value })));
  await settled(page);
  // As high as the page: what is out of sight is not drawn (content-visibility).
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
  await page.setViewport({ width: WIDTHS[size], height: Math.max(900, height) });
  await settled(page);
  const picture = await page.screenshot({ fullPage: true });
  await writeFile(join(out, `${view}-${size}-${theme}.png`), picture);
  const { path, ...chosen } = README_PICTURE;
  if (chosen.view === view && chosen.size === size && chosen.theme === theme) await writeFile(path, picture);
}

async function all(page: Page, view: string): Promise<void> {
  for (const size of Object.keys(WIDTHS) as (keyof typeof WIDTHS)[])
    for (const theme of THEMES) await shoot(page, view, size, theme);
}

const page = await chromium.browser.newPage();
const go = async (hash: string, ready: string) => {
  await page.goto(`${house.url}/${hash}`);
  await page.waitForSelector(ready);
};

await go('', '>>> input[name=username]');
await all(page, 'sign-in');
await page.locator('>>> input[name=username]').fill('admin');
await page.locator('>>> input[name=password]').fill(ADMIN_PASSWORD);
await page.keyboard.press('Enter');
await page.waitForSelector('>>> ::-p-text(No connections yet)');
await all(page, 'first-run');

const web = await connect('web-12', sshd.port, sshd.password);
const edge = await connect('edge-07', sshd.port, 'a-wrong-password');
const slow = await connect('edge-11', silent.port, sshd.password);
const changed = await connect('gateway-03', sshd.port, sshd.password);
for (const id of [web, web, edge, changed]) await run(admin, id);
await sshd.replaceHostKey();
await run(admin, changed);
await run(admin, slow, false);

const [appliance, subscriber, broken] = await Promise.all([
  Appliance.start({ clock: CLOCK }),
  Appliance.start({ clock: 1000, primary: false, faults: { subscriber_without_started: true } }),
  Appliance.start({ clock: 1000, faults: { stays_stopped: true } }),
]);
const restarting = await connectVos('cucm-pub-01', appliance);
const restarted = await connectVos('cucm-sub-02', subscriber);
const down = await connectVos('unity-01', broken);
const over = ({ completedAt }: Record<string, unknown>) => completedAt !== null;
await Promise.all([restart(restarted, over), restart(down, over)]);
await restart(
  restarting,
  ({ step, progress }) => (step as { key: string } | null)?.key === 'starting' && Number(progress) > 24,
);
// The picture is of this very moment; the appliance would be done before the last one is taken.
appliance.faults.hang = true;
await go(`#/connections/${restarting}`, '>>> signalbox-progress');
await all(page, 'restart-running');
appliance.faults.hang = false;

await go('#/', '>>> ::-p-text(web-12)');
await all(page, 'fleet');
const views: [string, string, string][] = [
  ['connection-running', `#/connections/${slow}`, '>>> signalbox-progress'],
  ['connection-done', `#/connections/${web}`, '>>> signalbox-history'],
  ['restart-done', `#/connections/${restarted}`, '>>> signalbox-history'],
  ['restart-failed', `#/connections/${down}`, '>>> signalbox-progress'],
  ['connection-edit-vos', `#/connections/${restarting}/edit`, '>>> input[name=hostname]'],
  ['connection-failed', `#/connections/${edge}`, '>>> signalbox-progress'],
  ['connection-key-changed', `#/connections/${changed}`, '>>> signalbox-history'],
  ['connection-new', '#/connections/new', '>>> input[name=hostname]'],
  ['connection-edit', `#/connections/${web}/edit`, '>>> input[name=hostname]'],
  ['connection-missing', '#/connections/4711', '>>> main'],
  ['certificate-settings', `#/connections/${web}/certificate`, 'main textarea[name=names]'],
  ['certificate-settings-vos', `#/connections/${restarted}/certificate`, 'main textarea[name=names]'],
  ['certificate-authorities', '#/certificate-authorities', 'main .users'],
  ['dns-credentials', '#/dns-credentials', 'main [name=add]'],
  ['users', '#/users', '>>> main'],
  ['settings', '#/settings', '>>> input[name=realtimeRollout]'],
];
for (const [view, hash, ready] of views) {
  await go(hash, ready);
  await all(page, view);
}

await chromium.stop();
await house.stop();
await Promise.all([appliance, subscriber, broken].map((each) => each.stop()));
await silent.stop();
await sshd.stop();
console.log(`Pictures are in ${out}`);
