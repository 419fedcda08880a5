/** The console in a real browser against a running server and a real sshd: what the first person who opens it does. */
import type { Locator, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { Appliance } from '../../lab/vos/appliance.js';
import { startBrowser, textOf, watchedContext } from '../peers/browser.js';
import { ADMIN_PASSWORD, signIn, startServer, until } from '../peers/house.js';
import { startOpenSsh } from '../peers/openssh.js';
import { tempDir } from '../peers/temp.js';
import { connectTo } from '../peers/vos-house.js';

const [browser, sshd, room] = await Promise.all([startBrowser(), startOpenSsh(), tempDir()]);
const server = await startServer(room.path);
t.teardown(async () => {
  await browser.close();
  await server.stop();
  await sshd.stop();
  await room.remove();
});

const complaints: string[] = [];

/** A page of its own browser context: another person at another machine. */
async function openPage(t: Test): Promise<Page> {
  const { context } = await watchedContext(browser, {}, complaints);
  t.teardown(() => context.close());
  return context.newPage();
}

async function enter(page: Page, hash = '', password = ADMIN_PASSWORD): Promise<void> {
  await page.goto(`${server.url}/${hash}`);
  await page.fill('input[name=username]', 'admin');
  await page.fill('input[name=password]', password);
  await page.keyboard.press('Enter');
}

const sees = (page: Page, pattern: RegExp) =>
  until(
    () => textOf(page),
    (text) => pattern.test(text),
  );

const buttonOf = (page: Page, type: string): Locator =>
  page.locator(`signalbox-button[type=${type}]`).first().locator('button').first();

async function addConnection(page: Page, name: string, port: number): Promise<void> {
  await page.goto(`${server.url}/#/connections/new`);
  const fields = { name, hostname: '127.0.0.1', port: String(port), username: sshd.user, password: sshd.password };
  for (const [field, value] of Object.entries(fields)) await page.fill(`input[name=${field}]`, value);
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/connections\/\d+$/);
}

t.test('says what is wrong with a sign-in', async (t) => {
  const page = await openPage(t);
  await enter(page, '', 'not-the-password');
  await sees(page, /The username or the password is wrong\./);
});

t.test('takes a newcomer from sign-in to a proven connection', async (t) => {
  const page = await openPage(t);
  await enter(page);
  await sees(page, /Add (a |your first |the first )?connection/i);
  await addConnection(page, 'web-12', sshd.port);
  await sees(page, /Test SSH/);
  await buttonOf(page, 'ssh_test').click();
  await sees(page, /SSH works/);
  await sees(page, /Completed/);
  const text = await textOf(page);
  t.match(text, new RegExp(sshd.hostKeyFingerprint().slice(7, 20).replace(/[+/]/g, '\\$&')), 'shows the pinned key');
  t.match(text, /SSH test by admin/, 'and the history');
  t.same(await page.evaluate(() => [localStorage.length, document.cookie]), [0, ''], 'no token outlives the tab');
});

t.test('restarts a service at one press, counts down, and shows the proof', async (t) => {
  const appliance = await Appliance.start({ clock: 25 });
  t.teardown(() => appliance.stop());
  const id = await connectTo(await signIn(server.url), appliance, { name: 'cucm-pub-01' });
  const page = await openPage(t);
  await enter(page, `#/connections/${id}`);
  await sees(page, /Restart Service/);
  await buttonOf(page, 'service_restart').click();
  await sees(page, /Restarting… \( ?4:\d\d remaining/);
  await sees(page, /Cisco Tomcat is starting/);
  await sees(page, /Cisco Tomcat\[STARTING\]/);
  await sees(page, /Restarted/);
  await sees(page, /Service restart[^]* by admin/);
  t.equal(appliance.restarts.length, 1);
});

t.test('follows by polling where an admin has switched live updates off', async (t) => {
  const [admin, other] = [await openPage(t), await openPage(t)];
  for (const page of [admin, other]) {
    await enter(page, '#/connections/1');
    await sees(page, /Live (?!by polling)/);
  }
  await admin.goto(`${server.url}/#/settings`);
  await sees(admin, /As the server was started: on/);
  await admin.focus('input[name=realtime]');
  await admin.keyboard.press('Space');
  await sees(admin, /Set by admin ?, now ?\. The server was started with on/);
  await sees(other, /Live by polling/);
  await sees(admin, /Live by polling/);
  const runs = async () => (await textOf(other)).match(/SSH test by admin/g)?.length ?? 0;
  const before = await runs();
  const program = await signIn(server.url);
  const started = await program.call('POST', '/connections/1/operations/ssh_test');
  t.equal(started.status, 202);
  await until(runs, (count) => count > before);
  await admin.locator('button[name=reset-realtime]').click();
  await sees(admin, /As the server was started: on/);
  await other.reload();
  await sees(other, /Live (?!by polling)/);
});

t.test('breaks no rule of its own strict policy', (t) => {
  t.same(complaints, []);
  t.end();
});
