import type { Story } from './story.js';

export const lostNetwork: Story = {
  title: 'a page whose network is gone says what it knew last, and knows all when it is back',
  async tell(t, site) {
    const id = await site.sound('web-22');
    const person = await site.person(t);
    await person.enter(`#/connections/${id}`);
    await person.press('ssh_test', /Test SSH/);
    await person.sees(/SSH test completed/);
    site.cable.pull();
    t.teardown(() => site.cable.plug());
    await person.offline(true);
    await person.sees(/Reconnecting… last known at \d\d:\d\d:\d\d/);
    const admin = await site.admin();
    for (const times of [2, 3]) {
      await admin.call('POST', `/connections/${id}/operations/ssh_test`);
      await t.resolves(site.ended(admin, id, times));
    }
    t.same(await person.rows(), ['completed'], 'the page shows the last that it knew');
    site.cable.plug();
    await person.offline(false);
    await person.sees(/Live/);
    t.equal((await person.seesTheStore(admin, id)).length, 3);
  },
};
