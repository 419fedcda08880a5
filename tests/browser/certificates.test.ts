/** Certificates in the console, all real: from a CA that nobody has agreed to yet to one that is served and then revoked. */
import t from 'tap';
import { startBrowser, watchedContext } from '../peers/browser.js';
import { ADMIN_PASSWORD, signIn, startHouse, until } from '../peers/house.js';
import { startHost } from '../peers/renewal-house.js';
import { addConnection, startWorld } from '../peers/renewal-world.js';

const [world, host, browser] = await Promise.all([startWorld(), startHost(), startBrowser()]);
const { site, login } = host;
const house = await startHouse(world.env);
t.teardown(async () => {
  await browser.close();
  await house.stop();
  await host.stop();
  await world.stop();
});
const admin = await signIn(house.url);
const id = await addConnection(admin, { name: 'web-12', platform: 'linux', hostname: '127.0.0.1', ...login });

const { context, complaints } = await watchedContext(browser);
const page = await context.newPage();

/** What stands in a part of the page that has no shadow. */
const textOf = async (selector: string): Promise<string> => {
  const texts = await page.locator(selector).allTextContents();
  return texts.join(' ').replace(/\s+/g, ' ');
};

const sees = (pattern: RegExp, within = 'main') =>
  until(
    () => textOf(within),
    (text) => pattern.test(text),
    60_000,
  );

/** Writes into a field, or chooses in a list. */
async function set(selector: string, value: string): Promise<void> {
  const field = page.locator(selector).first();
  if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
  else await field.fill(value);
}

async function fill(values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await set(`main [name=${name}]`, value);
}

const click = (selector: string) => page.locator(selector).first().click();

async function go(hash: string): Promise<void> {
  await page.goto(`${house.url}/${hash}`);
}

t.before(async () => {
  await go('#/certificate-authorities');
  await page.fill('input[name=username]', 'admin');
  await page.fill('input[name=password]', ADMIN_PASSWORD);
  await page.keyboard.press('Enter');
});

t.test('adds a CA, reads its terms and agrees to them', async (t) => {
  await sees(/Let’s Encrypt \(staging\) ?, the default .*Nobody has agreed/);
  await click('main [name=add]');
  await click('main summary:has-text("Roots of a private CA")');
  await fill({ name: 'Pebble', directoryUrl: 'http://in-the-clear.test', contactEmails: 'ops@web.test' });
  await fill({
    directoryRootsPem: world.pebble.rootPem,
    issuedRootsPem: (await world.pebble.issuedRoots()).join('\n'),
  });
  await click('main form .primary');
  await sees(/This must be an https URL/, '#directoryUrl-error');
  await fill({ directoryUrl: world.front.directoryUrl });
  await click('main form .primary');
  await sees(/The CA is added/);
  await click('.users button:has-text("Edit Pebble")');
  await sees(/Edit Pebble/, '#edited');
  // Pebble's are a data: address, which no page should make a link of.
  await sees(/The CA did not say where they are/, '#termsAgreed-hint');
  t.equal(await page.locator('main form a').count(), 0);
  await click('main [name=termsAgreed]');
  await click('main [name=isDefault]');
  await click('main form .primary');
  await sees(/Pebble ?, the default/);
});

t.test('adds a DNS credential, whose secret never comes back, and proves it', async (t) => {
  await go('#/dns-credentials');
  await sees(/No DNS credentials yet/);
  await click('main [name=add]');
  await set('main [name=provider]', 'rfc2136');
  const { name: keyName, secret } = world.bind.key;
  const server = `${world.bind.address}:53`;
  await fill({ name: 'bind', 'setting-server': server, 'setting-keyName': keyName, 'setting-secret': secret });
  await click('main form .primary');
  await sees(/Added\. Check it with a name\./);
  await click('.users button');
  await fill({ checkedName: 'web.test' });
  await click('#check-credential .primary');
  await sees(/The record of web\.test can be set\./, '#check-credential');
  await page.keyboard.press('Escape');
  await click('.users button:nth-of-type(2)');
  await sees(/One is stored; leave this empty to keep it\./, '#setting-secret-hint');
  t.notMatch(await page.content(), secret);
});

t.test('wants a certificate, with the server’s words at the fields', async (t) => {
  await go(`#/connections/${id}`);
  await sees(/No certificate is wanted here/);
  await click('console-certificate a');
  await sees(/Certificate of web-12/);
  const { keyPath, fullchainPath, testCommand, reloadCommand } = site;
  await fill({ names: '*.web.test\nweb.test', endpoints: `${site.port}` });
  const install = { keyPath, fullchainPath, testCommand, reloadCommand };
  for (const [name, value] of Object.entries(install)) await fill({ [`setting-${name}`]: value });
  await click('main form .primary');
  await sees(/Line 1 is a wildcard, which can be proven by dns-01 alone\./, '#names-error');
  await set('main [name=challenge]', 'dns-01');
  await click('main form .primary');
  await sees(/When it renews|Renews on|Renews at/, 'console-certificate');
  const { body } = await admin.call('GET', `/connections/${id}`);
  t.match(body['certificate'], { names: ['*.web.test', 'web.test'], install, renewal: { automatic: true } });
});

t.test('checks first, renews, and shows what is served', async (t) => {
  await click('[name=check]');
  await sees(/Check: all in order, (?!so far)/, 'console-certificate');
  t.equal(world.pebble.issuedCount(), 0, 'a check orders nothing');
  await click('console-certificate signalbox-button');
  await sees(/(89|90) days left.*trusted/, 'console-certificate');
  await sees(/Made here.*Served/, 'console-certificate');
  t.equal(world.pebble.issuedCount(), 1);
  const serial = (await site.serial()).toLowerCase().match(/../g)?.join(':') ?? '';
  t.match(await textOf('console-certificate'), serial);
});

t.test('revokes it after a question', async (t) => {
  await click('.made summary');
  await click('.made button');
  await set('#revoke select', 'keyCompromise');
  await click('#revoke [value=yes]');
  await sees(/The CA has revoked it\./);
  const { body } = await admin.call('GET', `/connections/${id}/certificate`);
  t.match(body, { stored: [{ status: 'revoked' }] });
});

t.test('breaks no rule of the console’s strict policy', (t) => {
  t.same(complaints, []);
  t.end();
});
