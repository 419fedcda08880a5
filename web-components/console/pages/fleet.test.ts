import { expect, waitUntil } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { SignalboxFleet } from '../../elements/fleet/fleet.js';
import { FakeClient, problem } from '../../testing/fake-client.js';
import { connections } from '../../testing/fleet.js';
import { completed, failed } from '../../testing/operations.js';
import { heading, type Scene, stage, words } from '../testing/stage.js';
import { inventoryOf, verdictOf } from './fleet-lines.js';

const fleetOf = (scene: Scene): SignalboxFleet => scene.find<SignalboxFleet>('signalbox-fleet');
const rowsOf = (scene: Scene): string[] =>
  [...(fleetOf(scene).shadowRoot?.querySelectorAll('signalbox-fleet-row') ?? [])].map((row) =>
    words(row.shadowRoot?.querySelector('.cells')),
  );

describe('the console’s fleet', () => {
  it('begins with what needs somebody, draws every connection on its line, and lists them', async () => {
    await setViewport({ width: 1440, height: 1000 });
    const scene = await stage('#/');
    await heading(scene, 'Two connections need you');
    expect(words(scene.find('.crumb'))).to.equal('7 connections, 2 platforms');
    expect(scene.all('.dl')).to.have.length(2);
    expect(words(scene.find('.legend'))).to.equal('failed 2 running 2 clear 3 Lines by platform');
    await waitUntil(() => rowsOf(scene).length === 7 && rowsOf(scene)[1]?.includes('SSH test failed'));
    const [edge, imp] = rowsOf(scene);
    expect(edge).to.match(/^edge-07 .*SSH test failed at Host key.*Compare keys$/);
    expect(imp).to.match(/^imp-02 .*SSH test failed at Authenticate.*refused the password.*Retry$/);
  });

  it('can be read and used by everybody', async () => {
    const scene = await stage('#/');
    await heading(scene, 'Two connections need you');
    await expect(scene.app).to.be.accessible();
  });

  it('leads to a connection by its name', async () => {
    const scene = await stage('#/');
    await waitUntil(() => rowsOf(scene).length === 7);
    const row = fleetOf(scene).shadowRoot?.getElementById('row-2');
    expect(row?.shadowRoot?.querySelector('a.name')?.getAttribute('href')).to.equal('#/connections/2');
    expect(scene.all('.dl a').map((link) => link.getAttribute('href'))).to.include('#/connections/2');
  });

  it('follows with heading and diagram what happens', async () => {
    const scene = await stage('#/');
    await heading(scene, 'Two connections need you');
    scene.client.show(completed(40, { connectionId: 1 }), failed(18, { connectionId: 2 }));
    await heading(scene, 'One connection needs you');
    expect(scene.all('.dl .needs')).to.have.length(1);
    scene.client.show(completed(41, { connectionId: 2 }), completed(40, { connectionId: 1 }));
    await heading(scene, 'Two connections are at work');
  });

  it('says in its heading how it stands', () => {
    const lines = (...groups: ('needs' | 'running' | 'due' | 'clear')[]) => groups.map((group) => ({ group }));
    expect(verdictOf([])).to.equal('No connections yet');
    expect(verdictOf(lines('clear'))).to.equal('The connection is clear');
    expect(verdictOf(lines('clear', 'clear'))).to.equal('All 2 connections are clear');
    expect(verdictOf(lines('due', 'clear'))).to.equal('One certificate is due');
    expect(verdictOf(lines('due', 'running'))).to.equal('One connection is at work');
    expect(verdictOf(lines('needs', 'running', 'due'))).to.equal('One connection needs you');
    expect(inventoryOf(connections.map((connection) => ({ connection })))).to.equal('7 connections, 2 platforms');
  });

  it('helps on the first run, and tells a viewer whom to ask', async () => {
    const empty = new FakeClient();
    empty.answer = (_method, path) => {
      if (path === '/connections') return { connections: [] };
      throw problem(404, 'NOT_FOUND', 'There is nothing here.');
    };
    const scene = await stage('#/', empty);
    await heading(scene, 'No connections yet');
    expect(scene.find('.first .primary').getAttribute('href')).to.equal('#/connections/new');
    await expect(scene.app).to.be.accessible();
    const looking = await stage('#/', empty, 'viewer');
    await heading(looking, 'No connections yet');
    expect(words(looking.find('.first'))).to.contain('Nothing is shared with you yet');
  });
});
