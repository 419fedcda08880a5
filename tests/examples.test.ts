/** The portals of examples/ as people would run them, against this checkout: a server of its own, a real sshd, a real browser. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page, Request } from 'playwright-core';
import t, { type Test } from 'tap';
import { startBrowser, textOf, watchedContext, type Watched } from './peers/browser.js';
import { signIn, startServer, until, visitor } from './peers/house.js';
import { startOpenSsh } from './peers/openssh.js';
import { makePortalAccount, startPortal } from './peers/portal.js';
import { freePort } from './peers/ports.js';
import { tempDir } from './peers/temp.js';

/** Short, so that an expiry can be waited for. */
const TOKEN_SECONDS = 25;
const PORTALS = [
  { name: 'portal-html', owner: 'okafor', stranger: 'brandt' },
  { name: 'portal-react', owner: 'kessler', stranger: 'lang' },
];
/** Of the progress: the button shows its tick for four seconds only, which a busy machine can miss. */
const COMPLETED = /SSH test (completed|abgeschlossen)/;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs the example's own build command, with this checkout's programs. */
async function buildExample(name: string): Promise<void> {
  const cwd = `${ROOT}examples/${name}`;
  const { scripts } = JSON.parse(await readFile(`${cwd}/package.json`, 'utf8')) as { scripts: Record<string, string> };
  if (!scripts['build']) return;
  const PATH = `${ROOT}node_modules/.bin:${process.env['PATH'] ?? ''}`;
  await promisify(execFile)('sh', ['-c', scripts['build']], { cwd, env: { PATH } });
}

const [browser, sshd, room] = await Promise.all([startBrowser(), startOpenSsh(), tempDir()]);
await Promise.all(PORTALS.map(({ name }) => buildExample(name)));
const ports = await Promise.all(PORTALS.map(() => freePort()));
const origins = ports.map((port) => `http://127.0.0.1:${port}`).join(',');
const server = await startServer(room.path, { SIGNALBOX_ALLOWED_ORIGINS: origins });
t.teardown(async () => {
  await browser.close();
  await server.stop();
  await sshd.stop();
  await room.remove();
});

const admin = await signIn(server.url);
const { port, user: username, password } = sshd;
const host = { platform: 'linux', hostname: '127.0.0.1', port, username, password, services: ['no-such-service'] };
// The examples' users are bound to the first and the second connection of a fresh server.
for (const name of ['Elm Court call server', 'Harbour Street call server'])
  await admin.call('POST', '/connections', { name, ...host });
await makePortalAccount(server.url, [1, 2]);

const runsOn = async (id: number) =>
  ((await admin.call('GET', `/connections/${id}/operations`)).body['operations'] as object[]).length;

/** Resolves when so many have run, no more and no fewer. */
const ranOn = (id: number, times: number) =>
  until(
    () => runsOn(id),
    (count) => count === times,
    60_000,
  );

const sees = (page: Page, pattern: RegExp) =>
  until(
    () => textOf(page),
    (text) => pattern.test(text),
    60_000,
  );

interface Visit extends Watched {
  page: Page;
  asked: Request[];
  sockets(): number;
}

async function enter(t: Test, url: string, name: string): Promise<Visit> {
  const watched = await watchedContext(browser);
  t.teardown(() => watched.context.close());
  const page = await watched.context.newPage();
  const asked: Request[] = [];
  page.on('request', (request) => asked.push(request));
  let sockets = 0;
  page.on('websocket', () => (sockets += 1));
  await page.goto(url);
  await page.fill('input[name=name]', name);
  await page.keyboard.press('Enter');
  await page.waitForSelector('signalbox-provider', { state: 'attached' });
  return { ...watched, page, asked, sockets: () => sockets };
}

/** What the page got its elements' tokens with. */
const tokensAsked = (asked: Request[]) => asked.filter((request) => request.url().endsWith('/signalbox-token'));

async function tokenOf({ asked }: Visit): Promise<string> {
  const answer = await tokensAsked(asked).at(-1)?.response();
  return ((await answer?.json()) as { token: string }).token;
}

async function pressTest({ page }: Visit): Promise<void> {
  const button = page.locator('section > signalbox-button button').first();
  await until(
    async () => String(await button.textContent()),
    (text) => /Test SSH/.test(text),
    60_000,
  );
  await button.click();
}

for (const [index, { name, owner, stranger }] of PORTALS.entries())
  t.test(name, async (t) => {
    const env = { TOKEN_SECONDS: String(TOKEN_SECONDS) };
    const portal = await startPortal(name, { signalbox: server.url, port: ports[index] ?? 0, env });
    t.teardown(() => portal.stop());

    t.test('lets its user press Test SSH and see it complete, within every policy', async (t) => {
      const visit = await enter(t, portal.url, owner);
      const before = await runsOn(1);
      await pressTest(visit);
      await ranOn(1, before + 1);
      await sees(visit.page, COMPLETED);
      await sees(visit.page, /SSH test (by|durch) portal/);
      t.equal(tokensAsked(visit.asked).length, 1, 'one token for all elements');
      t.equal(visit.sockets(), 1, 'and one socket');
      const kept = await visit.page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]');
      t.same(kept, [0, 0, ''], 'the token is in memory only');
      t.same(visit.complaints, []);
    });

    t.test('gets its next token by one request before the first ends, and goes on', async (t) => {
      const visit = await enter(t, portal.url, owner);
      const refused: string[] = [];
      visit.page.on('response', (answer) => {
        if (answer.status() === 401 || answer.status() === 403) refused.push(answer.url());
      });
      await sees(visit.page, /Test SSH/);
      const first = await tokenOf(visit);
      await until(
        async () => tokensAsked(visit.asked).length,
        (count) => count > 1,
        60_000,
      );
      // Past the end of the first.
      await until(
        async () =>
          (await visitor(server.url, first).call('GET', '/auth/me', undefined, { origin: portal.url })).status,
        (status) => status === 401,
      );
      t.equal(tokensAsked(visit.asked).length, 2);
      const before = await runsOn(1);
      await pressTest(visit);
      await ranOn(1, before + 1);
      await sees(visit.page, COMPLETED);
      t.same(refused, [], 'nothing was asked with a dead token');
      t.equal(visit.sockets(), 1, 'the socket went on');
    });

    t.test('shows no access to a user without the connection, and starts nothing for him', async (t) => {
      const visit = await enter(t, portal.url, stranger);
      await sees(visit.page, /No access|Kein Zugriff/);
      const before = await runsOn(1);
      const button = visit.page.locator('section > signalbox-button button').first();
      await button.click({ force: true });
      const words = await textOf(visit.page);
      t.notMatch(words, /(by|durch) portal/, 'nothing of its history');
      t.equal(await runsOn(1), before);
      t.same(visit.complaints, []);
    });

    t.test('holds a token that is good for nothing else', async (t) => {
      const visit = await enter(t, portal.url, owner);
      await sees(visit.page, /Test SSH/);
      const widget = visitor(server.url, await tokenOf(visit));
      const ask = (method: string, path: string) => widget.call(method, path, undefined, { origin: portal.url });
      t.equal((await ask('GET', '/connections/1')).status, 200);
      const before = await runsOn(2);
      for (const [method, path] of [
        ['GET', '/connections/2'],
        ['GET', '/connections/2/operations'],
        ['POST', '/connections/2/operations/ssh_test'],
        ['POST', '/api/data/2/test-connection'],
      ] as const)
        t.ok([403, 404].includes((await ask(method, path)).status), `${method} ${path}`);
      t.equal(await runsOn(2), before);
      const { connections } = (await ask('GET', '/connections')).body as { connections: { id: number }[] };
      t.same(
        connections.map(({ id }) => id),
        [1],
      );
      for (const [method, path] of [
        ['PATCH', '/connections/1'],
        ['DELETE', '/connections/1'],
        ['GET', '/users'],
        ['POST', '/auth/embed-tokens'],
      ] as const)
        t.equal((await ask(method, path)).status, 403, `${method} ${path}`);
      const elsewhere = await widget.call('GET', '/connections/1', undefined, { origin: 'http://evil.example' });
      t.not(elsewhere.status, 200, 'nor on a page of another origin');
    });

    if (name !== 'portal-html') return;

    t.test('speaks German where its user says so, and English again', async (t) => {
      const visit = await enter(t, portal.url, owner);
      await sees(visit.page, /by portal/);
      for (const [wanted, other] of [
        [/durch portal|von portal/, /by portal/],
        [/by portal/, /durch portal|von portal/],
      ] as const) {
        await visit.page.click('#language');
        await sees(visit.page, wanted);
        t.notMatch(await textOf(visit.page), other);
      }
      t.same(visit.complaints, []);
    });

    t.test('asks its own question before a restart: no starts nothing, yes starts it', async (t) => {
      const visit = await enter(t, portal.url, owner);
      const button = visit.page.locator('signalbox-connection signalbox-button button[part=button]');
      const asked: string[] = [];
      let isYes = false;
      visit.page.on('dialog', (dialog) => {
        asked.push(dialog.message());
        void (isYes ? dialog.accept() : dialog.dismiss());
      });
      const press = async (times: number) => {
        await button.click();
        await until(
          async () => asked.length,
          (count) => count === times,
        );
      };
      await sees(visit.page, /Restart Service/);
      const before = await runsOn(1);
      await press(1);
      t.match(asked, [/^Restart the call server of Elm Court\?/]);
      t.equal(await runsOn(1), before, 'dismissed');
      isYes = true;
      await press(2);
      await ranOn(1, before + 1);
      t.same(visit.complaints, []);
    });

    t.test('binds a user to a type of operation', async (t) => {
      const visit = await enter(t, portal.url, 'duarte');
      await sees(visit.page, /Test SSH/);
      const widget = visitor(server.url, await tokenOf(visit));
      const start = async (type: string, body?: object) =>
        (await widget.call('POST', `/connections/1/operations/${type}`, body, { origin: portal.url })).status;
      const before = await runsOn(1);
      t.equal(await start('service_restart', { params: { service: 'no-such-service' } }), 403);
      t.equal(await runsOn(1), before);
      t.equal(await start('ssh_test'), 202);
      await ranOn(1, before + 1);
    });
  });
