import { expect, waitUntil } from '@open-wc/testing';
import { houseClient } from '../testing/house.js';
import { heading, type Scene, seen, stage, words } from '../testing/stage.js';

const check = (scene: Scene, name: string, value: string): void =>
  scene.find<HTMLInputElement>(`main [name=${name}][value="${value}"]`).click();

async function open(role: 'admin' | 'operator' | 'viewer' = 'admin'): Promise<Scene> {
  const scene = await stage('#/tokens', houseClient(), role);
  await heading(scene, 'Tokens');
  await seen(scene, 'main form', 'Make token');
  return scene;
}

describe('the console’s page of tokens', () => {
  it('lists the living ones with what they may do, and revokes one', async () => {
    const scene = await open();
    const [first, second] = scene.all('main .users li').map(words);
    expect(first).to.match(/^web-12, web-11 may read, ssh_test only https:\/\/portal\.example ends in 5:5\d Revoke/);
    expect(second).to.match(/^web-13 may read, start ends in 49:5\d Revoke/);
    await expect(scene.app).to.be.accessible();
    scene.find('main .users button').click();
    await waitUntil(() => scene.all('main .users li').length === 1);
    expect(scene.client.calls).to.include('DELETE /auth/embed-tokens/5f1c2d3e-0000-4000-8000-000000000001');
  });

  it('makes one for trying, shows it once and goes to it', async () => {
    const scene = await open();
    check(scene, 'connections', '3');
    check(scene, 'actions', 'start');
    scene.fill({ origins: ' https://portal.example ', ttlSeconds: '3600' });
    scene.find('main form .primary').click();
    await seen(scene, '[aria-labelledby=made] .print', 'eyJhbGci');
    expect(scene.client.calls).to.include(
      'POST /auth/embed-tokens {"connections":[3],"actions":["read","start"],"origins":["https://portal.example"],"ttlSeconds":3600}',
    );
    await waitUntil(() => document.activeElement === scene.find('[aria-labelledby=made]'));
    expect(words(scene.find('[aria-labelledby=made]')))
      .to.contain('shown this once')
      .and.contain('Copy token');
    await expect(scene.app).to.be.accessible();
    await scene.go('#/');
    await scene.go('#/tokens');
    await seen(scene, 'main form', 'Make token');
    expect(scene.find('[aria-labelledby=made]')).to.equal(undefined);
  });

  it('says which field is wrong', async () => {
    const scene = await open();
    scene.find('main form .primary').click();
    await seen(scene, '#connections-error', 'at least 1');
    expect(words(scene.find('main [role=alert]'))).to.equal('Correct the marked fields.');
    await expect(scene.app).to.be.accessible();
  });

  it('is there for everybody, and offers a viewer no more than to look', async () => {
    const scene = await open('viewer');
    expect(scene.all('main [name=actions]')).to.deep.equal([]);
    expect(scene.all('console-settings-list a').map(words)).to.deep.equal(['Settings', 'Tokens']);
    check(scene, 'connections', '3');
    scene.find('main form .primary').click();
    await seen(scene, '[aria-labelledby=made]', 'Your new token');
    expect(scene.client.calls.find((call) => call.startsWith('POST'))).to.contain('"actions":["read"]');
  });
});
