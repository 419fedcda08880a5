import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { FakeClient, problem } from '../../testing/fake-client.js';

import { heading, stage, words } from '../testing/stage.js';

describe('the console’s settings', () => {
  const view = (realtime: 'on' | 'off', realtimeRollout: number, changes: object = {}): object => ({
    ...{ realtime, realtimeRollout, environment: { realtime: 'on', realtimeRollout: 100 } },
    overrides: { realtime: null, realtimeRollout: null, ...changes },
  });
  const changed = (value: unknown): object => ({ value, changedBy: 'jonas', changedAt: '2025-03-03T09:12:00.000Z' });

  it('switches live updates by the keyboard, says who did, and goes back', async () => {
    const scene = await stage('#/settings');
    await heading(scene, 'Live updates');
    expect(document.title).to.equal('Live updates · Signalbox');
    expect(scene.all('nav [aria-current]').map(words)).to.deep.equal(['Settings', 'Live updates']);
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
    await heading(scene, 'Live updates');
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
    await heading(scene, 'Live updates');
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
