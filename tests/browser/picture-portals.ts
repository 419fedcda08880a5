/** The portals of examples/ with a Signalbox of their own, and a call server in the middle of its restart. */
import type { Browser } from 'playwright-core';
import { Appliance } from '../../lab/vos/appliance.js';
import { watchedContext } from '../peers/browser.js';
import { signIn, startHouse, until } from '../peers/house.js';
import { makePortalAccount, startPortal } from '../peers/portal.js';
import { freePort } from '../peers/ports.js';
import { shootAll } from './shooting.js';

const PORTALS = { 'portal-html': 'okafor', 'portal-react': 'kessler' };

export async function shootPortals(browser: Browser, directory: string): Promise<void> {
  const ports = await Promise.all(Object.keys(PORTALS).map(() => freePort()));
  const origins = ports.map((port) => `http://127.0.0.1:${port}`).join(',');
  const house = await startHouse({ SIGNALBOX_ALLOWED_ORIGINS: origins, SIGNALBOX_LEASE_SECONDS: '30' });
  const appliance = await Appliance.start({ clock: 10 });
  const admin = await signIn(house.url);
  const { username, password, sshPort: port } = appliance;
  const platformSettings = { servedPort: appliance.tlsPort, restartTimeoutSeconds: 300 };
  const host = { platform: 'vos', hostname: '127.0.0.1', port, username, password, platformSettings };
  await admin.call('POST', '/connections', { name: 'Elm Court call server', ...host });
  await makePortalAccount(house.url, [1]);
  const test = await admin.call('POST', '/connections/1/operations/ssh_test');
  const get = async (path: string) => (await admin.call('GET', path)).body;
  await until(
    () => get(test.headers.get('location') ?? ''),
    ({ completedAt }) => completedAt !== null,
  );
  const restart = await admin.call('POST', '/connections/1/operations/service_restart');
  await until(
    () => get(restart.headers.get('location') ?? ''),
    ({ progress }) => Number(progress) > 24,
    60_000,
  );
  appliance.faults.hang = true;
  for (const [index, [name, user]] of Object.entries(PORTALS).entries()) {
    const portal = await startPortal(name, { signalbox: house.url, port: ports[index] ?? 0 });
    const { context } = await watchedContext(browser);
    const page = await context.newPage();
    await page.goto(portal.url);
    await page.fill('input[name=name]', user);
    await page.keyboard.press('Enter');
    await page.locator('signalbox-progress [part~=bar]').first().waitFor();
    await page.locator('signalbox-history li').nth(1).waitFor();
    await shootAll(page, directory, name);
    await context.close();
    await portal.stop();
  }
  appliance.faults.hang = false;
  await house.stop();
  await appliance.stop();
}
