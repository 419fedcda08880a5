import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import './main.js';
import type { Connection } from '../../server/connections/contract.js';
import type { SignalboxButton } from '../elements/button/button.js';
import type { ConsoleApp } from './app.js';
import { routeOf } from './route.js';
import { settingsFrom, settingsOf } from './settings/setting.js';
import { tokens } from '../styles/tokens.styles.js';
import { FakeClient, problem } from '../testing/fake-client.js';
import { connection, connections, fleetClient } from '../testing/fleet.js';
import { completed, failed, restart } from '../testing/operations.js';
import { verdictOf, linesOf } from './pages/fleet-lines.js';

const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

interface Scene {
  app: ConsoleApp;
  client: FakeClient;
  find<E extends HTMLElement>(selector: string): E;
  all(selector: string): HTMLElement[];
  go(hash: string): Promise<void>;
  fill(values: Record<string, string>): void;
}

async function stage(
  hash: string,
  client = fleetClient(),
  role: 'admin' | 'operator' | 'viewer' = 'admin',
): Promise<Scene> {
  history.replaceState(null, '', hash);
  const user = { username: 'mira', role };
  const app = await fixture<ConsoleApp>(html`<signalbox-console .client=${client} .user=${user}></signalbox-console>`);
  const all = (selector: string): HTMLElement[] => [...app.querySelectorAll<HTMLElement>(selector)];
  const find = <E extends HTMLElement>(selector: string): E => all(selector)[0] as E;
  const go = async (to: string): Promise<void> => {
    const moved = oneEvent(window, 'hashchange');
    location.hash = to;
    await moved;
    await app.updateComplete;
  };
  const fill = (values: Record<string, string>): void => {
    for (const [name, value] of Object.entries(values)) find<HTMLInputElement>(`main [name=${name}]`).value = value;
  };
  return { app, client, find, all, go, fill };
}

const heading = (scene: Scene, text: string): Promise<void> =>
  waitUntil(() => words(scene.find('h1')) === text, `the heading is “${text}”`);

describe('the console’s fleet', () => {
  it('begins with what needs somebody and groups the rest', async () => {
    await setViewport({ width: 1440, height: 1000 });
    const scene = await stage('#/');
    await heading(scene, 'Two connections need you');
    await waitUntil(() => words(scene.find('.fleet')).includes('SSH test failed'));
    expect(scene.all('.fleet tr.group').map(words)).to.deep.equal(['Needs you 2', 'Running 2', 'Clear 3']);
    const [edge, imp, web, tea] = scene.all('.fleet tr:not(.group)').slice(1).map(words);
    expect(edge).to.match(/edge-07.*SSH test failed at Host key.*Compare keys$/);
    expect(imp).to.match(/imp-02.*SSH test failed at Authenticate.*refused the password.*Retry$/);
    expect(web).to.match(/web-12.*SSH test 40 % Step 4 of 6: Agreeing on a cipher/);
    expect(tea).to.match(/tea-kitchen.*Tea round 2:\d\d remaining Pouring/);
    expect(scene.all('.dl')).to.have.length(2);
    await expect(scene.app).to.be.accessible();
  });

  it('retries and runs from a row, and shows a refusal there', async () => {
    const scene = await stage('#/');
    await waitUntil(() => scene.find('.fleet .primary') !== undefined);
    scene.find('.fleet .primary').click();
    expect(scene.client.calls.at(-1)).to.equal(`retry 2 ${failed(18).id}`);
    scene.client.onStart = () => {
      throw problem(429, 'TOO_MANY_STARTS', 'Too many operations were started.', { retryAfter: 9 });
    };
    const menu = scene
      .all('.fleet console-menu')
      .find((one) => words(one.closest('tr')).includes('web-11')) as HTMLElement;
    menu.querySelector('summary')?.focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => menu.querySelector('details')?.open);
    await sendKeys({ press: 'Escape' });
    expect(menu.querySelector('details')?.open).to.equal(false);
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => words(scene.find('.refused')) === 'Too many operations were started. Try again in 0:09.');
    expect(scene.client.calls.at(-1)).to.equal('start 4 ssh_test null');
  });

  it('says in its heading how it stands', () => {
    const two = connections.slice(0, 2);
    const verdict = (...operations: Parameters<typeof linesOf>[1]): string => verdictOf(linesOf(two, operations));
    expect(verdict()).to.equal('All 2 connections are clear');
    expect(verdict(failed(1, { connectionId: 1 }))).to.equal('One connection needs you');
    expect(verdict(completed(2, { connectionId: 1 }), failed(1, { connectionId: 1 }))).to.equal(
      'All 2 connections are clear',
    );
    expect(verdictOf([])).to.equal('No connections yet');
  });

  it('helps on the first run, and tells a viewer whom to ask', async () => {
    const empty = new FakeClient();
    empty.answer = () => ({ connections: [] });
    const scene = await stage('#/', empty);
    await heading(scene, 'No connections yet');
    expect(scene.find('.first .primary').getAttribute('href')).to.equal('#/connections/new');
    await expect(scene.app).to.be.accessible();
    const looking = await stage('#/', empty, 'viewer');
    await heading(looking, 'No connections yet');
    expect(words(looking.find('.first'))).to.contain('Nothing is shared with you yet');
  });
});

describe('the console’s page of one connection', () => {
  it('shows its buttons, what runs, the output, the history and the host key', async () => {
    const scene = await stage('#/connections/3');
    await heading(scene, 'web-12');
    await waitUntil(() => scene.all('signalbox-button').length === 4);
    await waitUntil(() => scene.find('signalbox-progress') !== undefined);
    expect(words(scene.find('.head .soft'))).to.equal('10.50.2.13, signed in as signalbox, yours');
    expect(words(scene.find('console-host-key'))).to.contain('ssh-ed25519');
    await waitUntil(() => words(scene.find('.grants')).includes('jonas may look and start'));
    await expect(scene.app).to.be.accessible();
  });

  it('shows another host key beside the pinned one, and accepts it', async () => {
    const scene = await stage('#/connections/1');
    await waitUntil(() => scene.find('console-host-key .print') !== undefined);
    const offered = connections[0]?.offeredHostKey?.fingerprint ?? '';
    expect(words(scene.find('console-host-key .print'))).to.equal(offered);
    expect(words(scene.find('console-host-key .facts'))).to.contain(connections[0]?.hostKey?.fingerprint);
    await expect(scene.find('console-host-key')).to.be.accessible();
    const before = scene.client.answer;
    scene.client.answer = (method, path, body) =>
      method === 'POST' || path === '/connections/1' ? connection(1, 'edge-07') : before(method, path, body);
    scene.find('console-host-key button').click();
    await waitUntil(() => scene.find('console-host-key .print') === undefined);
    expect(scene.client.calls).to.include(`POST /connections/1/host-key {"fingerprint":"${offered}"}`);
  });

  it('reads the connection again when an operation has ended: the first test pins the key', async () => {
    const client = fleetClient();
    const before = client.answer;
    let pinned = false;
    client.answer = (method, path, body) =>
      path === '/connections/5' && !pinned ? connection(5, 'web-13', { hostKey: null }) : before(method, path, body);
    const scene = await stage('#/connections/5', client);
    await waitUntil(() => words(scene.find('console-host-key')).includes('No key yet'));
    await waitUntil(() => scene.all('signalbox-button').length === 4);
    await waitUntil(() => scene.find('signalbox-button').shadowRoot?.textContent.includes('Test SSH'));
    pinned = true;
    client.show(completed(30, { connectionId: 5 }));
    await waitUntil(() => words(scene.find('console-host-key')).includes('SHA256:'));
  });

  it('shares and takes back', async () => {
    const scene = await stage('#/connections/3');
    await waitUntil(() => scene.find('.grants .quiet') !== undefined);
    scene.fill({ grantee: 'nobody', grantRole: 'viewer' });
    scene.find('console-sharing form .btn').click();
    await waitUntil(() => words(scene.find('console-sharing [role=alert]')) === 'There is nothing here.');
    expect(scene.client.calls).to.include('PUT /connections/3/grants/nobody {"role":"viewer"}');
    scene.find('.grants .quiet').click();
    await waitUntil(() => scene.client.calls.includes('DELETE /connections/3/grants/jonas'));
  });

  it('lets people choose which service is restarted, by keyboard', async () => {
    const client = fleetClient();
    const before = client.answer;
    const answer = connection(8, 'cucm-sub-02', { platform: 'vos', services: ['Cisco DirSync', 'Cisco Tomcat'] });
    client.answer = (method, path, body) => (path === '/connections/8' ? answer : before(method, path, body));
    const scene = await stage('#/connections/8', client);
    await waitUntil(() => scene.find('console-service-start select') !== undefined);
    const select = scene.find<HTMLSelectElement>('console-service-start select');
    expect([...select.options].map(words)).to.deep.equal(['Cisco Tomcat', 'Cisco DirSync']);
    expect(select.labels.item(0) && words(select.labels.item(0))).to.equal('Service of Service restart');
    expect(words(scene.find('aside'))).to.contain('Services Cisco DirSync Cisco Tomcat');
    await expect(scene.app).to.be.accessible();
    const button = scene.find<SignalboxButton>('console-service-start signalbox-button');
    await waitUntil(() => button.shadowRoot?.textContent.includes('Restart Service'));
    button.focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => client.calls.at(-1) === 'start 8 service_restart {"service":"Cisco Tomcat"}');
    client.show(restart(900, { connectionId: 8, params: { service: 'Cisco Finesse Tomcat' } }));
    await waitUntil(() => select.value === 'Cisco Finesse Tomcat');
    expect(select.disabled).to.equal(true);
    client.show(restart(900, { connectionId: 8, status: 'cancelled', completedAt: new Date().toISOString() }));
    await waitUntil(() => button.shadowRoot?.textContent.includes('Restart Service'));
    expect([select.value, select.disabled]).to.deep.equal(['Cisco Tomcat', false]);
    select.focus();
    await sendKeys({ press: 'ArrowDown' });
    await waitUntil(() => button.params?.['service'] === 'Cisco DirSync');
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => client.calls.at(-1) === 'start 8 service_restart {"service":"Cisco DirSync"}');
  });

  it('asks for no service where there is no choice', async () => {
    const client = fleetClient();
    const before = client.answer;
    const answer = connection(8, 'cucm-sub-02', { platform: 'vos', services: ['Cisco Tomcat'] });
    client.answer = (method, path, body) => (path === '/connections/8' ? answer : before(method, path, body));
    const scene = await stage('#/connections/8', client);
    await waitUntil(() => scene.all('signalbox-button').length === 4 && client.calls.includes('GET /platforms'));
    await waitUntil(() => words(scene.find('aside')).includes('Services Cisco Tomcat'));
    expect(scene.all('console-service-start')).to.deep.equal([]);
    const buttons = scene.all('signalbox-button') as SignalboxButton[];
    expect(buttons.map(({ params }) => params)).to.deep.equal([null, null, null, null]);
  });

  it('shows a page of its own for what is not there', async () => {
    const scene = await stage('#/connections/99');
    await heading(scene, 'Nothing here');
    await expect(scene.app).to.be.accessible();
    await scene.go('#/nowhere');
    await heading(scene, 'Nothing here');
    expect(words(scene.find('.panel'))).to.contain('There is no such page.');
  });
});

describe('the console’s forms', () => {
  const refuse = (client: FakeClient, ...errors: { pointer: string; message: string }[]): void => {
    const before = client.answer;
    client.answer = (method, path, body) => {
      if (method === 'GET') return before(method, path, body);
      throw problem(400, 'VALIDATION_FAILED', 'The request is not valid.', { body: { errors } });
    };
  };

  it('adds a connection and goes to it', async () => {
    const scene = await stage('#/connections/new');
    await heading(scene, 'Add connection');
    await expect(scene.app).to.be.accessible();
    const before = scene.client.answer;
    scene.client.answer = (method, path, body) => (method === 'POST' ? connections[2] : before(method, path, body));
    const platform = scene.find<HTMLSelectElement>('[name=platform]');
    platform.value = 'samovar';
    platform.dispatchEvent(new Event('change', { bubbles: true }));
    await waitUntil(() => scene.find<HTMLInputElement>('[name=port]').value === '2222');
    scene.fill({ name: 'web-12', hostname: ' 10.50.2.13 ', username: 'signalbox', password: 'a long secret' });
    scene.find('form .primary').click();
    await heading(scene, 'web-12');
    const sent = scene.client.calls.find((call) => call.startsWith('POST')) ?? '';
    expect(JSON.parse(sent.replace('POST /connections ', ''))).to.deep.equal({
      name: 'web-12',
      platform: 'samovar',
      hostname: '10.50.2.13',
      username: 'signalbox',
      legacyAlgorithms: false,
      port: 2222,
      password: 'a long secret',
    });
  });

  it('asks for the services and the settings of the chosen platform', async () => {
    const scene = await stage('#/connections/new');
    await heading(scene, 'Add connection');
    expect(scene.find('[aria-labelledby=services-title]')).to.equal(undefined);
    const platform = scene.find<HTMLSelectElement>('[name=platform]');
    expect([...platform.options].map(words)).to.deep.equal([
      'Any host by commands',
      'Linux host',
      'Cisco VOS appliance',
      'Samovar',
    ]);
    expect(platform.value, 'what an admin has to set up is not chosen for anybody').to.equal('linux');
    platform.value = 'vos';
    platform.dispatchEvent(new Event('change', { bubbles: true }));
    await waitUntil(() => scene.find('[aria-labelledby=services-title]') !== undefined);
    const section = scene.find('[aria-labelledby=services-title]');
    expect([...section.querySelectorAll('label')].map(words)).to.deep.equal([
      'Services that may be restarted',
      'Served port',
      'Success exit codes',
      'Command that looks',
      'Read only',
      'Node',
    ]);
    expect(words(section)).to.contain('Names as the machine lists them, one a line. Cisco Tomcat may always be.');
    expect(words(section)).to.contain('The port on which the service answers');
    const value = (name: string): string => scene.find<HTMLInputElement>(`[name=${name}]`).value;
    expect(value('setting-servedPort')).to.equal('8443');
    expect(value('setting-successExitCodes')).to.equal('0');
    expect(value('setting-node')).to.equal('publisher');
    await expect(scene.app).to.be.accessible();

    const before = scene.client.answer;
    scene.client.answer = (method, path, body) => (method === 'POST' ? connections[2] : before(method, path, body));
    scene.fill({ name: 'cucm', hostname: 'cucm.example', username: 'administrator' });
    scene.fill({ services: 'Cisco DirSync\n\n Cisco Tomcat Stats Servlet ', 'setting-servedPort': '' });
    scene.fill({
      'setting-successExitCodes': '0, 3 x',
      'setting-checkCommand': ' true ',
      'setting-node': 'subscriber',
    });
    scene.find('[name=setting-readOnly]').click();
    scene.find('form .primary').click();
    await heading(scene, 'web-12');
    const sent = scene.client.calls.find((call) => call.startsWith('POST')) ?? '';
    const { services, platformSettings } = JSON.parse(sent.replace('POST /connections ', '')) as Record<
      string,
      unknown
    >;
    expect(services).to.deep.equal(['Cisco DirSync', 'Cisco Tomcat Stats Servlet']);
    expect(platformSettings).to.deep.equal({
      servedPort: null,
      successExitCodes: [0, 3, 'x'],
      checkCommand: 'true',
      readOnly: true,
      node: 'subscriber',
    });
  });

  it('makes fields of what a schema can say, and sends what they mean', () => {
    const settings = settingsOf({
      type: 'object',
      properties: {
        waitSeconds: { anyOf: [{ type: 'number' }, { type: 'null' }], default: 2.5 },
        hosts: { type: 'array', items: { type: 'string' } },
        mode: { type: ['string', 'null'], enum: ['fast', null] },
        retries: { type: 'integer' },
        odd: true,
      },
    });
    expect(settings.map(({ label, kind, nullable, choices }) => [label, kind, nullable, choices])).to.deep.equal([
      ['Wait (seconds)', 'number', true, []],
      ['Hosts', 'texts', false, []],
      ['Mode', 'choice', true, ['fast']],
      ['Retries', 'number', false, []],
    ]);
    expect([settingsOf(null), settingsOf({ type: 'object' })]).to.deep.equal([[], []]);
    const sent = (given: Record<string, string>): object => {
      const form = new FormData();
      for (const [key, value] of Object.entries(given)) form.set(`setting-${key}`, value);
      return settingsFrom(settings, form);
    };
    expect(sent({ waitSeconds: ' 2.5 ', hosts: 'a.example, b c ,', mode: 'fast', retries: '3' })).to.deep.equal({
      waitSeconds: 2.5,
      hosts: ['a.example', 'b c'],
      mode: 'fast',
      retries: 3,
    });
    expect(sent({ waitSeconds: '', hosts: '', mode: '', retries: '' })).to.deep.equal({
      waitSeconds: null,
      hosts: [],
      mode: null,
    });
    expect(sent({ retries: 'three' })).to.deep.equal({ retries: 'three' });
  });

  const stored = (platform: string, platformSettings: Connection['platformSettings']): FakeClient => {
    const client = fleetClient();
    const before = client.answer;
    const answer = connection(8, 'cucm-sub-02', { platform, services: ['nginx', 'cron'], platformSettings });
    client.answer = (method, path, body) =>
      path === '/connections/8' && method !== 'DELETE' ? answer : before(method, path, body);
    return client;
  };

  it('shows the stored settings, sends those that changed, and puts each mistake where it was made', async () => {
    const settings = {
      node: 'subscriber',
      readOnly: true,
      servedPort: null,
      successExitCodes: [0, 3],
      checkCommand: '',
    };
    const client = stored('vos', settings);
    const scene = await stage('#/connections/8/edit', client);
    await waitUntil(() => scene.find('[name=setting-node]') !== undefined);
    const value = (name: string): string => scene.find<HTMLInputElement>(`[name=${name}]`).value;
    expect(value('setting-servedPort')).to.equal('');
    expect(value('setting-successExitCodes')).to.equal('0, 3');
    expect(value('setting-node')).to.equal('subscriber');
    expect(scene.find<HTMLInputElement>('[name=setting-readOnly]').checked).to.equal(true);
    expect(value('services')).to.equal('nginx\ncron');
    refuse(
      client,
      { pointer: '/services/1', message: 'services[1] must be a name of a service on Cisco VOS appliance' },
      { pointer: '/platformSettings/servedPort', message: 'servedPort must be a valid port' },
      { pointer: '/platformSettings', message: 'platformSettings need a servedPort beside a checkCommand' },
    );
    scene.fill({ 'setting-servedPort': '70000' });
    scene.find('form .primary').click();
    await waitUntil(() => words(scene.find('#setting-servedPort-error')) === 'This must be a valid port.');
    const sent = JSON.parse((client.calls.at(-1) ?? '').replace('PATCH /connections/8 ', '')) as object;
    expect(sent).to.deep.equal({ platformSettings: { ...settings, servedPort: 70_000 } });
    expect(words(scene.find('#services-error'))).to.equal('Line 2 must be a name of a service on Cisco VOS appliance.');
    expect(words(scene.find('[aria-labelledby=services-title] > .error'))).to.contain('need a servedPort beside');
    await waitUntil(() => document.activeElement === scene.find('[name=services]'));
    await expect(scene.app).to.be.accessible();
  });

  it('lets only an admin write what runs on the machine as it stands', async () => {
    const client = stored('scripted', { restartCommand: 'svc restart {service}' });
    const scene = await stage('#/connections/8/edit', client, 'operator');
    await waitUntil(() => scene.find('[name=setting-restartCommand]') !== undefined);
    const command = (): HTMLInputElement => scene.find<HTMLInputElement>('[name=setting-restartCommand]');
    expect(command().value).to.equal('svc restart {service}');
    expect(command().disabled).to.equal(true);
    expect(words(scene.find('[aria-labelledby=services-title]'))).to.contain('Only an admin may change what follows.');
    await expect(scene.app).to.be.accessible();
    scene.fill({ services: 'nginx' });
    scene.find('form .primary').click();
    await waitUntil(() => client.calls.includes('PATCH /connections/8 {"services":["nginx"]}'));
    const admin = await stage('#/connections/8/edit', stored('scripted', { restartCommand: 'x' }));
    await waitUntil(() => admin.find('[name=setting-restartCommand]') !== undefined);
    expect(admin.find<HTMLInputElement>('[name=setting-restartCommand]').disabled).to.equal(false);
    expect(words(admin.find('[aria-labelledby=services-title]'))).not.to.contain('Only an admin');
  });

  it('shows each field’s mistake at the field and goes to the first', async () => {
    const scene = await stage('#/connections/new');
    await heading(scene, 'Add connection');
    refuse(scene.client, { pointer: '/hostname', message: 'hostname must be a DNS name or an IP address' });
    scene.find('form .primary').click();
    await waitUntil(() => words(scene.find('#hostname-error')) === 'This must be a DNS name or an IP address.');
    const host = scene.find('[name=hostname]');
    await waitUntil(() => document.activeElement === host);
    expect(host.getAttribute('aria-invalid')).to.equal('true');
    expect(host.getAttribute('aria-describedby')).to.contain('hostname-error');
    expect(words(scene.find('main form [role=alert]'))).to.equal('Correct the marked fields.');
    await expect(scene.app).to.be.accessible();
  });

  it('sends only what changed, and deletes after a question', async () => {
    const scene = await stage('#/connections/3/edit');
    await heading(scene, 'Edit web-12');
    const before = scene.client.answer;
    scene.client.answer = (method, path, body) => (method === 'GET' ? before(method, path, body) : connections[2]);
    scene.fill({ name: 'web-twelve' });
    scene.find('form .primary').click();
    await heading(scene, 'web-12');
    expect(scene.client.calls).to.include('PATCH /connections/3 {"name":"web-twelve"}');
    await scene.go('#/connections/3/edit');
    await waitUntil(() => scene.find('.danger') !== undefined);
    scene.find('.danger').click();
    expect(scene.find<HTMLDialogElement>('main dialog').open).to.equal(true);
    await expect(scene.find('main dialog')).to.be.accessible();
    scene.find('main dialog [value=yes]').click();
    await waitUntil(() => location.hash === '#/');
    expect(scene.client.calls).to.include('DELETE /connections/3');
  });

  it('adds, changes and removes users', async () => {
    const scene = await stage('#/users');
    await heading(scene, 'Users');
    await expect(scene.app).to.be.accessible();
    const before = scene.client.answer;
    scene.client.answer = (method, path, body) => (method === 'GET' ? before(method, path, body) : {});
    scene.fill({ username: 'nora', password: 'correct horse battery' });
    scene.find('main form .primary').click();
    await waitUntil(() =>
      scene.client.calls.includes(
        'POST /users {"username":"nora","password":"correct horse battery","role":"operator"}',
      ),
    );
    const role = scene.all('.users select')[1] as HTMLSelectElement;
    role.value = 'viewer';
    role.dispatchEvent(new Event('change'));
    await waitUntil(() => scene.client.calls.includes('PATCH /users/jonas {"role":"viewer"}'));
    const [password, remove] = scene.all('.users .quiet') as [HTMLElement, HTMLElement];
    password.click();
    await waitUntil(() => scene.find<HTMLDialogElement>('main dialog').open);
    scene.fill({ newPassword: 'another long one' });
    scene.find('main dialog [value=yes]').click();
    await waitUntil(() => scene.client.calls.includes('PATCH /users/jonas {"password":"another long one"}'));
    remove.click();
    await waitUntil(() => words(scene.find('main dialog')).startsWith('Remove jonas?'));
    await waitUntil(() => scene.find<HTMLDialogElement>('main dialog').open);
    scene.find('main dialog [value=no]').click();
    expect(scene.client.calls).not.to.include('DELETE /users/jonas');
  });
});

describe('the console’s settings', () => {
  const view = (realtime: 'on' | 'off', realtimeRollout: number, changes: object = {}): object => ({
    ...{ realtime, realtimeRollout, environment: { realtime: 'on', realtimeRollout: 100 } },
    overrides: { realtime: null, realtimeRollout: null, ...changes },
  });
  const changed = (value: unknown): object => ({ value, changedBy: 'jonas', changedAt: '2025-03-03T09:12:00.000Z' });

  it('switches live updates by the keyboard, says who did, and goes back', async () => {
    const scene = await stage('#/settings');
    await heading(scene, 'Settings');
    expect(document.title).to.equal('Settings · Signalbox');
    expect(words(scene.find('nav [aria-current]'))).to.equal('Settings');
    expect(words(scene.find('#realtime-origin'))).to.equal('As the server was started: on.');
    expect(words(scene.find('#realtimeRollout-origin'))).to.equal(
      'Set by mira, 3 Mar 2025. The server was started with 100 %.',
    );
    await expect(scene.app).to.be.accessible();
    let shown = view('off', 100, { realtime: changed('off') });
    scene.client.answer = () => shown;
    scene.find('main [name=realtime]').focus();
    await sendKeys({ press: 'Space' });
    await waitUntil(() => words(scene.find('#realtime-origin')).startsWith('Set by jonas, 3 Mar 2025.'));
    expect(scene.client.calls).to.include('PATCH /settings {"realtime":"off"}');
    expect(scene.find<HTMLInputElement>('main [name=realtime]').checked).to.equal(false);
    expect(words(scene.find('main .stack > [role=status]'))).to.equal('Saved. It counts at once.');
    await expect(scene.app).to.be.accessible();
    shown = view('on', 100);
    scene.find('main [name=reset-realtime]').click();
    await waitUntil(() => words(scene.find('#realtime-origin')) === 'As the server was started: on.');
    expect(scene.client.calls).to.include('PATCH /settings {"realtime":null}');
    expect(scene.find<HTMLInputElement>('main [name=realtime]').checked).to.equal(true);
  });

  it('saves the share of users, and shows what the server says against it', async () => {
    const scene = await stage('#/settings');
    await heading(scene, 'Settings');
    const before = scene.client.answer;
    scene.client.answer = (method, path, body) => (method === 'GET' ? before(method, path, body) : {});
    scene.fill({ realtimeRollout: '40' });
    scene.find('main [name=realtimeRollout]').focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => scene.client.calls.includes('PATCH /settings {"realtimeRollout":40}'));
    scene.client.answer = (method, path, body) => {
      if (method === 'GET') return before(method, path, body);
      const errors = [{ pointer: '/realtimeRollout', message: 'realtimeRollout must be a number' }];
      throw problem(400, 'VALIDATION_FAILED', 'The request is not valid.', { body: { errors } });
    };
    scene.fill({ realtimeRollout: '' });
    scene.find('main form .btn:not(.quiet)').click();
    await waitUntil(() => words(scene.find('#realtimeRollout-error')) === 'This must be a number.');
    expect(scene.client.calls).to.include('PATCH /settings {"realtimeRollout":""}');
    await expect(scene.app).to.be.accessible();
  });

  it('leaves the switch as it was where the server refuses', async () => {
    const scene = await stage('#/settings');
    await heading(scene, 'Settings');
    const before = scene.client.answer;
    scene.client.answer = (method, path, body) => {
      if (method === 'GET') return before(method, path, body);
      throw problem(503, 'UNAVAILABLE', 'Signalbox is not ready.');
    };
    const input = scene.find<HTMLInputElement>('main [name=realtime]');
    input.click();
    await waitUntil(() => words(scene.find('main [role=alert]')) === 'Signalbox is not ready.');
    await waitUntil(() => input.checked);
    const refused = new FakeClient();
    refused.answer = () => {
      throw problem(403, 'FORBIDDEN', 'Your role does not allow this.');
    };
    const operator = await stage('#/settings', refused, 'operator');
    await waitUntil(() => words(operator.find('main')).includes('This page is for admins.'));
  });
});

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
    expect(scene.all('nav a').map(words)).to.deep.equal(['Fleet', 'Users', 'Authorities', 'DNS', 'Settings']);
    const operator = await stage('#/', fleetClient(), 'operator');
    await waitUntil(() => operator.find('nav a') !== undefined);
    expect(operator.all('nav a').map(words)).to.deep.equal(['Fleet']);
  });

  it('changes the own password and says why it cannot', async () => {
    const scene = await stage('#/');
    await waitUntil(() => scene.all('console-bar .sheet button').length === 2);
    scene.all('console-bar .sheet button')[0]?.click();
    expect(scene.find<HTMLDialogElement>('console-password dialog').open).to.equal(true);
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
  });

  it('knows its addresses', () => {
    expect(routeOf('')).to.deep.equal({ page: 'fleet' });
    expect(routeOf('#/connections/5')).to.deep.equal({ page: 'connection', id: 5 });
    expect(routeOf('#/connections/5/edit')).to.deep.equal({ page: 'edit', id: 5 });
    expect(routeOf('#/connections/5/certificate')).to.deep.equal({ page: 'certificate', id: 5 });
    expect(routeOf('#/dns-credentials')).to.deep.equal({ page: 'dns-credentials' });
    for (const bad of [
      '#/connections/0',
      '#/connections/-1',
      '#/connections/5e3',
      '#/connections/x',
      '#/connections/5/x',
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
