import { expect, waitUntil } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { FakeClient, problem } from '../../testing/fake-client.js';
import { houseClient } from '../testing/house.js';
import { heading, type Scene, seen, stage, words } from '../testing/stage.js';

const rows = (scene: Scene): string[] => scene.all('.audit tbody tr').map(words);

async function open(pageLength = 50): Promise<Scene> {
  const scene = await stage('#/audit', houseClient(pageLength));
  await seen(scene, '.audit', 'Done');
  return scene;
}

describe('the console’s audit trail', () => {
  afterEach(() => setViewport({ width: 1440, height: 1000 }));

  it('says who did what, when, from where, and with which outcome', async () => {
    const scene = await open();
    await heading(scene, 'Audit trail');
    await waitUntil(() => rows(scene)[0]?.includes('web-12'));
    const [start, refused, token, nobody] = rows(scene);
    expect(start).to.equal('11 min ago mira Start an operation: web-12 10.50.0.4 Done');
    expect(refused).to.equal('16 min ago jonas Sign in reason: bad_credentials 10.50.0.4 Refused');
    expect(token)
      .to.contain('Make a token: embed token 5f1c2d3e')
      .and.contain('connections: 3, 4; operations: ssh_test;');
    expect(nobody).to.contain('nobody Change a connection: web-12');
    expect(rows(scene)[5]).to.contain('Delete a connection: connection 44').and.contain('Failed');
    expect(rows(scene)[6], 'an action that it has no words for').to.contain('tea.pour: user jonas');
    expect(scene.find('.audit a').getAttribute('href')).to.match(/^#\/connections\/3\/operations\/0190f5e0-/);
    await expect(scene.app).to.be.accessible();
  });

  it('shows older entries behind those that are there, until there are none', async () => {
    const scene = await open(3);
    expect(rows(scene)).to.have.length(3);
    scene.find('[name=older]').click();
    await waitUntil(() => rows(scene).length === 6);
    expect(scene.client.calls).to.include('GET /audit?before=981');
    scene.find('[name=older]').click();
    await waitUntil(() => rows(scene).length === 7);
    expect(scene.find('[name=older]')).to.equal(undefined);
    expect(words(scene.find('main .row [role=status]'))).to.equal('7 shown, that is all');
  });

  it('is narrowed by who and by what, and says where nothing matches', async () => {
    const scene = await open();
    const action = scene.find<HTMLSelectElement>('main [name=action]');
    action.value = 'login';
    action.dispatchEvent(new Event('change', { bubbles: true }));
    await waitUntil(() => rows(scene).length === 1);
    scene.fill({ actor: 'mira' });
    scene.find('.audit-filter .btn').click();
    await seen(scene, 'main .panel', 'No entry matches.');
    expect(scene.client.calls).to.include('GET /audit?actor=mira&action=login');
    await expect(scene.app).to.be.accessible();
    scene.find('main .panel .btn').click();
    await waitUntil(() => rows(scene).length === 7);
    expect(action.value).to.equal('');
  });

  it('is a list of blocks on a phone', async () => {
    await setViewport({ width: 390, height: 800 });
    const scene = await open();
    expect(document.documentElement.scrollWidth).to.be.at.most(390);
    expect(scene.find('.audit thead').getClientRects()).to.have.length(0);
    await expect(scene.app).to.be.accessible();
  });

  it('is for admins, and can be asked for again where the server did not answer', async () => {
    const client = new FakeClient();
    let status = 403;
    client.answer = () => {
      throw problem(status, 'X', 'Signalbox is not ready.');
    };
    const scene = await stage('#/audit', client);
    await seen(scene, 'main', 'This page is for admins.');
    status = 503;
    const later = await stage('#/audit', client);
    await seen(later, 'main [role=alert]', 'Signalbox is not ready.');
    client.answer = houseClient().answer;
    later.find('main [role=alert] .btn').click();
    await seen(later, '.audit', 'Start an operation');
  });
});
