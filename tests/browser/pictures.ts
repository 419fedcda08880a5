/**
 * `npm run pictures [directory]`: the console and the portals of examples/ at three widths, light and dark, on a running server with
 * real operations; to be looked at after each change of a page. Also makes those of docs/pictures.
 */
import { mkdir } from 'node:fs/promises';
import { prepare } from '../../scripts/prepare.mjs';
import { startBrowser, watchedContext } from '../peers/browser.js';
import { ADMIN_PASSWORD } from '../peers/house.js';
import { tempDir } from '../peers/temp.js';
import { PictureHouse } from './picture-house.js';
import { shootPortals } from './picture-portals.js';
import { shootAll } from './shooting.js';

const out = process.argv[2] ?? (await tempDir('signalbox-pictures-')).path;
await mkdir(out, { recursive: true });
// Pictures of the sources as they are, not as they were last built.
await prepare();
const browser = await startBrowser();
const scene = await PictureHouse.open();
const { context } = await watchedContext(browser);
const page = await context.newPage();

async function view(name: string, hash: string, ready: string): Promise<void> {
  await page.goto(`${scene.house.url}/${hash}`);
  await page.locator(ready).first().waitFor();
  await shootAll(page, out, name);
}

const ANOTHER_PASSWORD = 'another-password-of-the-pictures';

async function signIn(password: string): Promise<void> {
  await page.fill('input[name=username]', 'admin');
  await page.fill('input[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('input[name=password]', { state: 'detached' });
}

await view('sign-in', '', 'input[name=username]');
await signIn(ADMIN_PASSWORD);
await view('first-run', '', 'main h1');
await scene.changePassword(ANOTHER_PASSWORD);
await page.reload();
await page.waitForSelector('input[name=password]');
await signIn(ANOTHER_PASSWORD);

for (const name of ['dns-01', 'dns-02', 'edge-04', 'web-11']) await scene.test(await scene.connect(name));
const web = await scene.connect('web-12');
const edge = await scene.connect('edge-07', 'a-wrong-password');
const changed = await scene.connect('gateway-03');
const slow = await scene.connectSilent('edge-11');
for (const id of [web, web, edge, changed]) await scene.test(id);
await scene.changeHostKey(changed);
await scene.testOn(slow);
const restarted = await scene.restarted('cucm-sub-02', {
  primary: false,
  faults: { subscriber_without_started: true },
});
const down = await scene.restarted('unity-01', { faults: { stays_stopped: true } });
await scene.certificates();
await view('renewals', '#/renewals', 'text=portal-01');
const restarting = await scene.restarting('cucm-pub-01');

await view('restart-running', `#/connections/${restarting.id}`, 'signalbox-progress');
await view('fleet', '#/', 'text=web-12');
restarting.goOn();

const views: [name: string, hash: string, ready: string][] = [
  ['connection-running', `#/connections/${slow}`, 'signalbox-progress'],
  ['connection-done', `#/connections/${web}`, 'signalbox-history'],
  ['restart-done', `#/connections/${restarted}`, 'signalbox-history'],
  ['restart-failed', `#/connections/${down}`, 'signalbox-progress'],
  ['connection-edit-vos', `#/connections/${restarting.id}/edit`, 'input[name=hostname]'],
  ['connection-failed', `#/connections/${edge}`, 'signalbox-progress'],
  ['connection-key-changed', `#/connections/${changed}`, 'signalbox-history'],
  ['connection-new', '#/connections/new', 'input[name=hostname]'],
  ['connection-edit', `#/connections/${web}/edit`, 'input[name=hostname]'],
  ['connection-missing', '#/connections/4711', 'main h1'],
  ['certificate-settings', `#/connections/${web}/certificate`, 'main textarea[name=names]'],
  ['certificate-settings-vos', `#/connections/${restarted}/certificate`, 'main textarea[name=names]'],
  ['certificate-authorities', '#/certificate-authorities', 'main .users'],
  ['dns-credentials', '#/dns-credentials', 'main [name=add]'],
  ['users', '#/users', 'main h1'],
  ['tokens', '#/tokens', 'main h1'],
  ['audit', '#/audit', 'main h1'],
  ['monitoring', '#/monitoring', 'main h1'],
  ['settings', '#/settings', 'input[name=realtimeRollout]'],
];
for (const each of views) await view(...each);
await context.close();
await scene.close();
await shootPortals(browser, out);
await browser.close();
console.log(`Pictures are in ${out}`);
