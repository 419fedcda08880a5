import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { routeOf } from './route.js';
import { tokens } from '../styles/tokens.styles.js';
import { fleetClient } from '../testing/fleet.js';
import { heading, type Scene, seen, stage, words } from './testing/stage.js';
import { houseClient } from './testing/house.js';

describe('the console’s door', () => {
  const realFetch = window.fetch;
  afterEach(() => {
    window.fetch = realFetch;
    sessionStorage.clear();
  });
  const answer = (status: number, body: object, headers: Record<string, string> = {}): void => {
    window.fetch = () => Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
  };
  async function door(): Promise<HTMLElement> {
    history.replaceState(null, '', '#/');
    return fixture<HTMLElement>(html`<signalbox-console></signalbox-console>`);
  }
  const submit = (app: HTMLElement): void => {
    for (const name of ['username', 'password']) (app.querySelector(`[name=${name}]`) as HTMLInputElement).value = 'x';
    (app.querySelector('form .btn') as HTMLElement).click();
  };

  it('says what is wrong with a sign-in, and how long to wait', async () => {
    const app = await door();
    await expect(app).to.be.accessible();
    answer(401, {
      code: 'AUTH_BAD_CREDENTIALS',
      detail: 'The username or the password is wrong.',
      hint: 'Check both, then try again.',
    });
    submit(app);
    await waitUntil(
      () =>
        words(app.querySelector('.notice')) === 'The username or the password is wrong. Check both, then try again.',
    );
    answer(429, { code: 'TOO_MANY_LOGINS', detail: 'Too many failed sign-ins.' }, { 'retry-after': '125' });
    submit(app);
    await waitUntil(() => words(app.querySelector('.notice')) === 'Too many failed sign-ins. Try again in 2:05.');
    window.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    submit(app);
    await waitUntil(() => words(app.querySelector('.notice')).startsWith('The server cannot be reached.'));
    await expect(app).to.be.accessible();
  });

  it('keeps the token of a sign-in in this tab only, and forgets it at sign-out', async () => {
    const app = await door();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const asked: string[] = [];
    window.fetch = (input, init) => {
      asked.push(String(input instanceof Request ? input.url : input).replace(location.origin, ''));
      if (asked.length === 1) {
        return Promise.resolve(Response.json({ token: 't0ken', expiresAt, user: { username: 'mira', role: 'admin' } }));
      }
      return init?.method === 'POST'
        ? Promise.resolve(new Response(null, { status: 204 }))
        : new Promise(() => undefined);
    };
    submit(app);
    await waitUntil(() => app.querySelector('console-bar .user') !== null);
    expect(sessionStorage.getItem('signalbox-session')).to.contain('t0ken');
    expect(JSON.stringify(localStorage)).not.to.contain('t0ken');
    const items = [...app.querySelectorAll<HTMLElement>('console-bar .sheet button')];
    expect(items.map(words)).to.deep.equal(['Change password', 'Sign out']);
    items[1]?.click();
    await waitUntil(() => app.querySelector('console-sign-in') !== null);
    expect(sessionStorage.length).to.equal(0);
    expect(asked).to.include('/auth/logout');
  });

  it('asks for the sign-in again when the session has ended', async () => {
    const scene = await stage('#/');
    await waitUntil(() => scene.find('h1') !== undefined);
    scene.client.setState({ phase: 'signed-out' });
    await waitUntil(() => words(scene.find('.sign-in')).includes('Your session has ended.'));
  });
});

describe('the console’s frame', () => {
  it('shows whether it is live, changes the theme, and offers users and settings to admins only', async () => {
    const scene = await stage('#/');
    await waitUntil(() => words(scene.find('.live')) === 'Live');
    scene.client.setState({ phase: 'reconnecting', lastKnownAt: new Date(2026, 10, 22, 21, 49, 40).getTime() });
    await waitUntil(() => words(scene.find('.live')) === 'Reconnecting… last known at 21:49:40');
    const dark = scene.all('.themes button').find((one) => words(one) === 'Dark') as HTMLElement;
    dark.click();
    await waitUntil(() => dark.getAttribute('aria-pressed') === 'true');
    expect(document.documentElement.dataset['theme']).to.equal('dark');
    scene.all('.themes button')[0]?.click();
    const links = (one: Scene): (string | null)[] => one.all('nav a').map((link) => link.getAttribute('href'));
    expect(scene.all('nav a').map(words)).to.deep.equal(['Fleet', 'Renewals', 'Settings']);
    expect(links(scene)).to.deep.equal(['#/', '#/renewals', '#/settings']);
    const operator = await stage('#/', fleetClient(), 'operator');
    await waitUntil(() => operator.find('nav a') !== undefined);
    expect(links(operator)).to.deep.equal(['#/', '#/renewals', '#/tokens']);
  });

  it('says what still works while the server is not reached, and no word of a short break', async () => {
    const scene = await stage('#/');
    await waitUntil(() => words(scene.find('.live')) === 'Live');
    const clock = window.setTimeout;
    let pass: () => void = () => undefined;
    Object.assign(window, { setTimeout: (callback: () => void) => ((pass = callback), 0) });
    scene.client.setState({ phase: 'reconnecting', lastKnownAt: new Date(2026, 10, 22, 21, 49, 40).getTime() });
    Object.assign(window, { setTimeout: clock });
    expect(words(scene.find('console-outage'))).to.equal('');
    pass();
    await waitUntil(() =>
      words(scene.find('console-outage')).startsWith('The server has not been reached since 21:49:40.'),
    );
    await expect(scene.app).to.be.accessible();
    scene.client.setState({ phase: 'live' });
    await waitUntil(() => words(scene.find('console-outage')) === '');
  });

  it('lists the settings on the left, and on a phone first', async () => {
    const scene = await stage('#/users', houseClient());
    await seen(scene, 'console-settings-list', 'Monitoring');
    await heading(scene, 'Users');
    expect(scene.all('console-settings-list li').map(words)).to.deep.equal([
      ...['Users', 'Tokens', 'Audit trail', 'Certificate authorities', 'DNS credentials', 'Live updates', 'Monitoring'],
    ]);
    expect(words(scene.find('console-settings-list [aria-current]'))).to.equal('Users');
    await setViewport({ width: 390, height: 800 });
    const nav = scene.find('console-settings-list nav');
    await waitUntil(() => nav.getClientRects().length === 0);
    expect(scene.find('console-settings-list .back').getClientRects()).to.have.length(1);
    await scene.go('#/settings');
    await heading(scene, 'Live updates');
    expect(nav.getBoundingClientRect().bottom).to.be.below(scene.find('h1').getBoundingClientRect().top);
    expect(document.documentElement.scrollWidth).to.be.at.most(390);
    await expect(scene.app).to.be.accessible();
    await setViewport({ width: 1440, height: 1000 });
  });

  it('changes the own password and says why it cannot', async () => {
    const scene = await stage('#/');
    await waitUntil(() => scene.all('console-bar .sheet button').length === 2);
    scene.all('console-bar .sheet button')[0]?.click();
    const dialog = (): HTMLDialogElement => scene.find<HTMLDialogElement>('console-password dialog');
    await waitUntil(() => dialog()?.open);
    await expect(scene.find('console-password')).to.be.accessible();
    const set = (name: string, value: string): void => {
      scene.find<HTMLInputElement>(`console-password [name=${name}]`).value = value;
    };
    set('currentPassword', 'old');
    set('newPassword', 'correct horse battery');
    scene.find('console-password .primary').click();
    await waitUntil(() => words(scene.find('console-password [role=alert]')) === 'There is nothing here.');
    expect(scene.client.calls).to.include(
      'PATCH /users/mira {"currentPassword":"old","password":"correct horse battery"}',
    );
    scene.find('console-password .btn').click();
    await waitUntil(() => !dialog());
    scene.all('console-bar .sheet button')[0]?.click();
    await waitUntil(() => dialog()?.open);
    expect(scene.find<HTMLInputElement>('console-password [name=currentPassword]').value).to.equal('');
  });

  it('knows its addresses', () => {
    expect(routeOf('')).to.deep.equal({ page: 'fleet' });
    expect(routeOf('#/connections/5')).to.deep.equal({ page: 'connection', id: 5 });
    expect(routeOf('#/connections/5/edit')).to.deep.equal({ page: 'edit', id: 5 });
    expect(routeOf('#/connections/5/certificate')).to.deep.equal({ page: 'certificate', id: 5 });
    expect(routeOf('#/connections/5/operations/0190f5e0-0000-7000-8000-000000000014')).to.deep.equal({
      ...{ page: 'connection', id: 5 },
      operation: '0190f5e0-0000-7000-8000-000000000014',
    });
    for (const page of ['renewals', 'tokens', 'audit', 'monitoring'])
      expect(routeOf(`#/${page}/`)).to.deep.equal({ page });
    expect(routeOf('#/dns-credentials')).to.deep.equal({ page: 'dns-credentials' });
    for (const bad of [
      '#/connections/0',
      '#/connections/-1',
      '#/connections/5e3',
      '#/connections/x',
      '#/connections/5/x',
      '#/connections/5/operations',
      '#/connections/5/operations/a b',
      '#/connections/5/edit/operations/x',
      '#/nowhere',
    ]) {
      expect(routeOf(bad)).to.deep.equal({ page: 'missing' });
    }
  });

  it('gives host pages the same tokens that the elements fall back to', async () => {
    const sheet = await (await fetch(new URL('./console.css', import.meta.url))).text();
    const flat = (text: string): string =>
      text
        .replace(/\s+/g, '')
        .replace(/'/g, '"')
        .replace(/(?<!\d)0?\.(\d)/g, '.$1')
        .toLowerCase();
    const fallbacks = [
      ...tokens.cssText.matchAll(/var\(\s*(--signalbox-[a-z0-9-]+),\s*((?:[^()]|\([^()]*\))+?)\s*\);/g),
    ];
    expect(fallbacks.length).to.be.greaterThan(35);
    for (const [, name = '', value = ''] of fallbacks) {
      if (value === '44px') continue;
      const expected = value.replaceAll('var(--_', 'var(--signalbox-');
      expect(flat(sheet), `${name} is ${value}`).to.contain(flat(`${name}:${expected};`));
    }
  });
});
