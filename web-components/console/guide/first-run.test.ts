import { expect, waitUntil } from '@open-wc/testing';
import { completed } from '../../testing/operations.js';
import { connection } from '../../testing/fleet.js';
import { emptyHouse, houseClient } from '../testing/house.js';
import { heading, type Scene, seen, stage, words } from '../testing/stage.js';
import { firstSteps } from './first-steps.js';

const done = (scene: Scene): boolean[] => scene.all('.guide li').map((step) => step.classList.contains('done'));

describe('the console’s first steps', () => {
  it('lead from an empty house to a proven connection, as the store shows it', async () => {
    const client = emptyHouse();
    const before = client.answer;
    const at = '2026-11-22T08:00:00.000Z';
    let [changed, added] = [false, false];
    client.answer = (method, path, body) => {
      if (path === '/users')
        return {
          users: [
            { username: 'mira', role: 'admin', createdAt: at, updatedAt: changed ? '2026-11-22T09:00:00.000Z' : at },
          ],
        };
      return path === '/connections' && added ? { connections: [connection(3, 'web-12')] } : before(method, path, body);
    };
    const scene = await stage('#/', client);
    await heading(scene, 'No connections yet');
    await waitUntil(() => done(scene).join() === 'false,false,false');
    expect(scene.find('console-fleet').getClientRects(), 'the guide is the whole page').to.have.length(0);
    expect(scene.all('.guide [aria-current=step]').map(words)[0]).to.contain('Set your own password.');
    await expect(scene.app).to.be.accessible();

    scene.find('.guide button').click();
    await waitUntil(() => scene.find<HTMLDialogElement>('console-password dialog')?.open);
    scene.find<HTMLDialogElement>('console-password dialog').close();
    [changed, added] = [true, true];
    await scene.go('#/users');
    await scene.go('#/');
    await waitUntil(() => done(scene).join() === 'true,true,false');
    expect(words(scene.find('.guide [aria-current=step] .btn'))).to.equal('Go to web-12');
    expect(scene.find('.guide .btn').getAttribute('href')).to.equal('#/connections/3');
    expect(scene.find('console-fleet').getClientRects()).not.to.have.length(0);
    await expect(scene.app).to.be.accessible();

    client.show(completed(1, { connectionId: 3 }));
    await waitUntil(() => scene.find('.guide') === undefined);
  });

  it('are not shown where all is done, nor to who may not do them', async () => {
    const scene = await stage('#/', houseClient());
    await seen(scene, 'console-fleet', 'web-12');
    await waitUntil(() => scene.client.calls.includes('GET /operations?status=completed&limit=1'));
    expect(scene.find('.guide')).to.equal(undefined);
    const operator = await stage('#/', emptyHouse(), 'operator');
    await heading(operator, 'No connections yet');
    expect(operator.find('console-first-run')).to.equal(undefined);
  });

  it('ask only the first account for a password of its own', () => {
    const account = (username: string, createdAt: string, updatedAt = createdAt) => ({
      ...{ username, role: 'admin' as const, createdAt, updatedAt },
    });
    const users = [account('nora', '2026-02-01'), account('admin', '2026-01-01')];
    const house = { users, connections: [], ran: false };
    expect(firstSteps({ ...house, own: 'admin' })[0]?.done).to.equal(false);
    expect(firstSteps({ ...house, own: 'nora' })[0]?.done).to.equal(true);
    const changed = [account('admin', '2026-01-01', '2026-01-02')];
    expect(firstSteps({ ...house, users: changed, own: 'admin' })[0]?.done).to.equal(true);
  });
});
