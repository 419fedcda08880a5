import { expect, waitUntil } from '@open-wc/testing';
import type { Connection } from '../../../server/connections/contract.js';
import { settingsFrom, settingsOf } from '../settings/setting.js';
import { type FakeClient, problem } from '../../testing/fake-client.js';
import { connection, connections, fleetClient } from '../../testing/fleet.js';

import { heading, stage, words } from '../testing/stage.js';

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
