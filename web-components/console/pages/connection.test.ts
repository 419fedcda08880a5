import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { SignalboxLog } from '../../elements/log/log.js';
import type { SignalboxButton } from '../../elements/button/button.js';
import { connection, connections, fleetClient } from '../../testing/fleet.js';
import { problem } from '../../testing/fake-client.js';
import { completed, failed, restart } from '../../testing/operations.js';

import { heading, type Scene, seen, stage, words } from '../testing/stage.js';

const panel = (scene: Scene): string => words(scene.find('signalbox-progress').shadowRoot?.querySelector('.panel'));

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

  it('shows the operation that a link names, and the way to what runs now', async () => {
    const scene = await stage(`#/connections/3/operations/${failed(14).id}`);
    await heading(scene, 'web-12');
    await seen(scene, '.operation-about', 'This is an earlier operation. Show what runs now');
    await waitUntil(() => panel(scene).includes('Failed at Authenticate'));
    expect(scene.find<SignalboxLog>('signalbox-log').operation).to.equal(failed(14).id);
    expect(document.title).to.equal('web-12 · Connection · Signalbox');
    await expect(scene.app).to.be.accessible();
    await scene.go('#/connections/3');
    await waitUntil(() => panel(scene).includes('Key exchange') && !panel(scene).includes('Failed'));
    expect(document.title).to.equal('web-12 · Connection · Signalbox');
  });

  it('asks for one that is too old for the list, and says where there is none', async () => {
    const client = fleetClient();
    const before = client.answer;
    const old = failed(2, { connectionId: 3, requestedBy: 'jonas' });
    client.answer = (method, path, body) =>
      path === `/connections/3/operations/${old.id}` ? old : before(method, path, body);
    const scene = await stage(`#/connections/3/operations/${old.id}`, client);
    await seen(scene, 'console-live', 'SSH test started by jonas');
    expect(words(scene.find('console-live')))
      .to.contain('Failed at Authenticate')
      .and.contain('SSH_AUTH_REFUSED');
    await expect(scene.app).to.be.accessible();
    await scene.go('#/connections/3/operations/nothing');
    await seen(scene, 'console-live', 'This operation is not there any more.');
    await expect(scene.app).to.be.accessible();
  });

  it('offers to tell of the end of what takes long, and says where the browser does not allow that', async () => {
    const real = window.Notification;
    const asked: string[] = [];
    const fake = {
      permission: 'default',
      requestPermission: () => {
        asked.push('permission');
        fake.permission = 'denied';
        return Promise.resolve('denied');
      },
    };
    Object.assign(window, { Notification: fake });
    try {
      const scene = await stage('#/connections/3');
      await waitUntil(() => scene.find('console-copy') !== undefined);
      expect(scene.find('[name=notify]'), 'nobody waits for 3 s').to.equal(undefined);
      scene.client.show(restart(900, { connectionId: 3 }));
      await waitUntil(() => scene.find('[name=notify]') !== undefined);
      expect(asked).to.deep.equal([]);
      scene.find('[name=notify]').click();
      await seen(scene, 'console-operation-actions [role=status]', 'does not allow notifications');
      expect(scene.find('[name=notify]').getAttribute('aria-pressed')).to.equal('false');
      fake.permission = 'granted';
      scene.find('[name=notify]').click();
      await waitUntil(() => scene.find('[name=notify]').getAttribute('aria-pressed') === 'true');
      await expect(scene.find('console-operation-actions')).to.be.accessible();
      scene.find('[name=notify]').click();
      await waitUntil(() => scene.find('[name=notify]').getAttribute('aria-pressed') === 'false');
      expect(asked).to.deep.equal(['permission']);
    } finally {
      Object.assign(window, { Notification: real });
    }
  });

  it('says what is in the way where it cannot be read, and asks again', async () => {
    const client = fleetClient();
    const before = client.answer;
    client.answer = () => {
      throw problem(503, 'UNAVAILABLE', 'Signalbox is not ready.');
    };
    const scene = await stage('#/connections/3', client);
    await heading(scene, 'This connection cannot be read now');
    await expect(scene.app).to.be.accessible();
    client.answer = before;
    scene.find('main [role=alert] .btn').click();
    await heading(scene, 'web-12');
  });
});
