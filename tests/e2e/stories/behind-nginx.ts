import type { Story } from './story.js';

export const proxyReloads: Story = {
  title: 'nginx reads its configuration anew under live pages, which are back at once and have lost nothing',
  async tell(t, site) {
    const id = await site.sound('web-31');
    const person = await site.person(t);
    await person.enter(`#/connections/${id}`);
    await person.sees(/Live/);
    const [before, admin] = [person.sockets, await site.admin()];
    const [closed, opened] = person.nextSocket();
    site.proxy?.reload();
    let isBack = false;
    const back = Promise.all([closed, opened]).then(([from, to]) => {
      isBack = true;
      return Math.round(to - from);
    });
    let started = 0;
    while (!isBack) {
      if ((await admin.call('POST', `/connections/${id}/operations/ssh_test`)).status === 202) started += 1;
      await site.ended(admin, id, started);
    }
    t.comment(
      `the page had its next socket ${await back} ms after it lost the old one; ${started} tests ran meanwhile`,
    );
    await person.sees(/Live/);
    t.equal(person.sockets, before + 1, 'the first new socket was taken');
    const stored = await person.seesTheStore(admin, id);
    t.equal(stored.length, Math.min(50, started));
  },
};

export const upstreamDies: Story = {
  title: 'while nginx answers 502 the page says since when it knows nothing, and recovers by itself',
  async tell(t, site) {
    const id = await site.sound('web-32');
    const person = await site.person(t);
    await person.enter(`#/connections/${id}`);
    await person.press('ssh_test', /Test SSH/);
    await person.sees(/SSH test completed/);
    const failed = new Set<number>();
    person.page.on('response', (answer) => {
      if (answer.status() >= 500) failed.add(answer.status());
    });
    await site.kill();
    await person.sees(/Reconnecting… last known at \d\d:\d\d:\d\d/);
    await person.press('ssh_test', /Test SSH/);
    await person.sees(/The server behind the proxy does not answer/);
    t.same([...failed], [502]);
    await site.startAgain();
    await person.sees(/Live/);
    t.equal((await person.seesTheStore(await site.admin(), id)).length, 1, 'the refused start left nothing behind');
  },
};
