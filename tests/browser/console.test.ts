/** The console in a real browser against a running server and a real sshd: what the first person who opens it does. */
import type { ElementHandle, Page } from 'puppeteer-core';
import t, { type Test } from 'tap';
import { Appliance } from '../../lab/vos/appliance.js';
import { startChromium } from '../peers/chromium.js';
import { ADMIN_PASSWORD, signIn, startServer, until } from '../peers/house.js';
import { startOpenSsh } from '../peers/openssh.js';
import { startTcp } from '../peers/tcp-server.js';
import { tempDir } from '../peers/temp.js';
import { connectTo } from '../peers/vos-house.js';

const chromium = await startChromium();
const sshd = await startOpenSsh();
const silent = await startTcp(() => undefined);
const directory = await tempDir();
let server = await startServer(directory.path);
t.teardown(async () => {
  await chromium.stop();
  await server.stop();
  await silent.stop();
  await sshd.stop();
  await directory.remove();
});

const complaints: string[] = [];

/** A page of its own browser context: another person at another machine. */
async function openPage(t: Test, shared?: Page): Promise<Page> {
  const context = shared?.browserContext() ?? (await chromium.browser.createBrowserContext());
  const page = await context.newPage();
  t.teardown(() => page.close());
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|Trusted Type/.test(message.text())) complaints.push(message.text());
  });
  return page;
}

async function enter(page: Page, hash = '', password = ADMIN_PASSWORD): Promise<void> {
  await page.goto(`${server.url}/${hash}`);
  await page.locator('>>> input[name=username]').fill('admin');
  await page.locator('>>> input[name=password]').fill(password);
  await page.keyboard.press('Enter');
}

/** All that a person can read, shadow roots included; as text, because a function would bring the test loader's own names along. */
const READ = `(() => {
  const read = (node) => {
    if (node instanceof HTMLStyleElement) return '';
    if (node instanceof HTMLSlotElement && node.assignedNodes().length > 0) return '';
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    const inner = node.shadowRoot ? [node.shadowRoot, ...node.childNodes] : [...node.childNodes];
    return inner.map(read).join(' ');
  };
  return read(document.body).replace(/\\s+/g, ' ');
})()`;

const textOf = async (page: Page): Promise<string> => String(await page.evaluate(READ));

/** A tab in the background draws nothing, so a person would first go to it. */
async function sees(page: Page, pattern: RegExp): Promise<void> {
  await page.bringToFront();
  await until(
    () => textOf(page),
    (text) => pattern.test(text),
  );
}

const buttonOf = async (page: Page, type: string): Promise<ElementHandle<Element>> => {
  const handle = await page.waitForSelector(`>>> signalbox-button[type=${type}] >>> button`);
  if (!handle) throw new Error('no button');
  return handle;
};

const testButton = (page: Page) => buttonOf(page, 'ssh_test');

async function addConnection(page: Page, name: string, port: number): Promise<void> {
  await page.goto(`${server.url}/#/connections/new`);
  const fields = { name, hostname: '127.0.0.1', port: String(port), username: sshd.user, password: sshd.password };
  for (const [field, value] of Object.entries(fields)) await page.locator(`>>> input[name=${field}]`).fill(value);
  await page.keyboard.press('Enter');
  await until(
    async () => page.url(),
    (url) => /#\/connections\/\d+$/.test(url),
  );
}

t.test('says what is wrong with a sign-in', async (t) => {
  const page = await openPage(t);
  await enter(page, '', 'not-the-password');
  await sees(page, /The username or the password is wrong\./);
});

t.test('takes a newcomer from sign-in to a proven connection', async (t) => {
  const page = await openPage(t);
  await enter(page);
  await sees(page, /No connections yet/);
  await addConnection(page, 'web-12', sshd.port);
  const button = await testButton(page);
  t.match(await button.evaluate((element) => element.textContent), /Test SSH/);
  await button.click();
  await sees(page, /SSH works/);
  await sees(page, /Completed/);
  const text = await textOf(page);
  t.match(text, new RegExp(sshd.hostKeyFingerprint().slice(7, 20).replace(/[+/]/g, '\\$&')), 'shows the pinned key');
  t.match(text, /SSH test by admin/, 'and the history');
  t.same(await page.evaluate(() => [localStorage.length, document.cookie]), [0, ''], 'no token outlives the tab');
});

t.test('shows one operation to two tabs and two browsers that press at once, and after a reload', async (t) => {
  const first = await openPage(t);
  await enter(first);
  await sees(first, /Add connection/);
  await addConnection(first, 'silent-01', silent.port);
  const hash = new URL(first.url()).hash;
  const second = await openPage(t);
  await enter(second, hash);
  const tab = await openPage(t, second);
  await enter(tab, hash);
  const pages = [first, second, tab];
  for (const page of pages) await sees(page, /Test SSH/);
  const buttons = await Promise.all(pages.map(testButton));
  await Promise.all(buttons.map((button) => button.evaluate((element) => (element as HTMLElement).click())));
  for (const page of pages) await sees(page, /Testing….*Step 3 of 6/);
  const admin = await signIn(server.url);
  const { body } = await admin.call('GET', `${hash.slice(1)}/operations`);
  t.equal((body['operations'] as unknown[]).length, 1, 'one operation');
  await second.reload();
  await sees(second, /Testing….*Step 3 of 6/);
  await second.bringToFront();
  const busy = await testButton(second);
  t.match(
    await busy.evaluate((element) => [element.getAttribute('aria-disabled'), (element as HTMLButtonElement).disabled]),
    ['true', false],
  );
  await busy.focus();
  await second.keyboard.press('Enter');
  t.equal(((await admin.call('GET', `${hash.slice(1)}/operations`)).body['operations'] as unknown[]).length, 1);
  await first.bringToFront();
  const cancel = await first.waitForSelector('>>> signalbox-progress >>> button[part=cancel]');
  await cancel?.click();
  for (const page of pages) await sees(page, /Cancelled by admin/);
});

t.test('finds the history after the server was killed and started again, and goes on by itself', async (t) => {
  const page = await openPage(t);
  await enter(page);
  await sees(page, /web-12/);
  const { body } = await (await signIn(server.url)).call('GET', '/connections?q=web-12');
  const id = (body['connections'] as { id: number }[])[0]?.id ?? 0;
  await page.goto(`${server.url}/#/connections/${id}`);
  await sees(page, /SSH test by admin/);
  const port = new URL(server.url).port;
  await server.kill();
  await sees(page, /Reconnecting/);
  server = await startServer(directory.path, { PORT: port });
  await sees(page, /Live/);
  await (await testButton(page)).click();
  await sees(page, /SSH works/);
  await page.reload();
  await sees(page, /SSH test by admin.*SSH test by admin/);
});

t.test('restarts a service at one press, counts down, and shows the proof', async (t) => {
  const appliance = await Appliance.start({ clock: 25 });
  t.teardown(() => appliance.stop());
  const id = await connectTo(await signIn(server.url), appliance, { name: 'cucm-pub-01' });
  const page = await openPage(t);
  await enter(page, `#/connections/${id}`);
  const button = await buttonOf(page, 'service_restart');
  t.match(await button.evaluate((element) => element.textContent), /Restart Service/);
  await button.click();
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
  await admin.focus('>>> input[name=realtime]');
  await admin.keyboard.press('Space');
  await sees(admin, /Set by admin ?, now ?\. The server was started with on/);
  await sees(other, /Live by polling/);
  await sees(admin, /Live by polling/);
  const runs = async () => (await textOf(other)).match(/SSH test by admin/g)?.length ?? 0;
  const before = await runs();
  const program = await signIn(server.url);
  const started = await program.call('POST', '/connections/1/operations/ssh_test');
  t.equal(started.status, 202);
  await other.bringToFront();
  await until(runs, (count) => count > before);
  await admin.locator('>>> button[name=reset-realtime]').click();
  await sees(admin, /As the server was started: on/);
  await other.reload();
  await sees(other, /Live (?!by polling)/);
});

t.test('breaks no rule of its own strict policy', (t) => {
  t.same(complaints, []);
  t.end();
});
