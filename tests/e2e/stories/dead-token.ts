import type { Story } from './story.js';
import { shortLived } from '../short-lived.js';

export const deadToken: Story = {
  title: 'a token that ends while there is no network leads to sign-in, and from there back to the same page',
  async tell(t, site) {
    const id = await site.sound('web-23');
    const person = await site.person(t);
    await person.enter(`#/connections/${id}`);
    await person.press('ssh_test', /Test SSH/);
    await person.sees(/SSH test completed/);
    const session = shortLived(String(await person.page.evaluate("sessionStorage.getItem('signalbox-session')")));
    await person.page.evaluate(`sessionStorage.setItem('signalbox-session', ${JSON.stringify(session.text)})`);
    await person.page.reload();
    await person.sees(/Live/);
    site.cable.pull();
    t.teardown(() => site.cable.plug());
    await person.sees(/Reconnecting…/);
    await session.ended();
    site.cable.plug();
    await person.page.waitForSelector('input[name=password]', { timeout: 60_000 });
    await person.signIn();
    await person.sees(/web-23/);
    t.match(await person.seesTheStore(await site.admin(), id), [{ status: 'completed' }]);
  },
};
