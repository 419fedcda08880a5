/** Renewals whose time has come, by the clock or by the CA's word; they wait for real minutes, and so run beside the others. */
import t from 'tap';
import { ariId } from '../../../server/acme/ari.js';
import type { CertificateSettings, CertificateView } from '../../../server/certificates/contract.js';
import type { Operation } from '../../../server/operations/contract.js';
import { until } from '../../../tests/peers/house.js';
import { startRenewalHouse } from '../../../tests/peers/renewal-house.js';
import { addSite, logOf, renewed } from '../../../tests/peers/renewal-world.js';

const { world, house, site, login, admin, stop } = await startRenewalHouse();
t.teardown(stop);

t.test('renews by cron, at the first moment of the schedule where nothing of ours is served', async (t) => {
  const renewal = { automatic: true, cron: '* * * * *', timeZone: 'Europe/Berlin' };
  const id = await addSite(admin, login, site, { names: ['cron.web.test'], renewal });
  const { body } = await admin.call('GET', `/connections/${id}/certificate`);
  t.match(body['next'], { automatic: true, reason: 'missing', failures: 0 });
  const path = `/connections/${id}/operations`;
  const [operation] = await until(
    async () => (await admin.call('GET', path)).body['operations'] as Operation[],
    ([first]) => first?.completedAt !== null && first !== undefined,
    120_000,
  );
  if (!operation) return;
  t.match(operation, { status: 'completed', createdBy: 'cron', requestedBy: null }, await logOf(admin, operation));
  t.match(operation.result, { serialNumber: await site.serial() });
});

/** As if its time had come: what the schedule waits for is moved to the last full minute, and the waker looks. */
async function timePasses(connectionId: number): Promise<void> {
  const { knex, server } = house.house;
  const rows = () => knex('schedules').where({ connection_id: connectionId, kind: 'certificate_renewal' });
  const row = (await rows().first()) as { state: string };
  const state = JSON.parse(row.state) as { ari?: { checkAgainAt: string } | null };
  const past = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
  if (state.ari) state.ari.checkAgainAt = past;
  await rows().update({ state: JSON.stringify(state), next_due_at: past });
  await server.plugins['signalbox-schedules'].wake();
}

t.test('renews when the CA moves its window into the past, and names what it replaces', async (t) => {
  const renewal = { automatic: true, cron: '0 0 1 1 *', timeZone: 'UTC' };
  const id = await addSite(admin, login, site, { names: ['ari.web.test'], renewal });
  const first = await renewed(admin, id);
  t.match(first, { status: 'completed' }, await logOf(admin, first));
  const view = async () =>
    (await admin.call('GET', `/connections/${id}/certificate`)).body as unknown as CertificateView;
  const days = (count: number) => new Date(Date.now() + count * 86_400_000);
  const ari = await ariId((await view()).stored[0]?.chainPem ?? '');
  world.front.suggest(ari, days(20), days(21));
  await timePasses(id);
  const planned = await until(view, ({ next }) => next?.reason === 'ari');
  t.ok((planned.next?.dueAt ?? '') > days(19).toISOString(), 'it waits for the window');
  world.front.suggest(ari, days(-2), days(-1));
  const moved = { ...renewal, cron: '* * * * *' };
  const settings = planned.settings as CertificateSettings;
  await admin.call('PATCH', `/connections/${id}`, { certificate: { ...settings, renewal: moved } });
  await timePasses(id);
  const [operation] = await until(
    async () => (await admin.call('GET', `/connections/${id}/operations`)).body['operations'] as Operation[],
    ([newest]) => newest?.createdBy === 'cron' && newest.completedAt !== null,
    150_000,
  );
  t.match(operation, { status: 'completed', createdBy: 'cron' });
  t.match(world.front.seen('newOrder').at(-1)?.payload, { replaces: ari });
  t.match((await view()).stored, [{ status: 'served', replaces: ari }, { status: 'superseded' }]);
});
