import type { Story } from './story.js';

export const blockedSocket: Story = {
  title: 'behind a proxy that lets no socket through the page polls, and says so',
  async tell(t, site) {
    const id = await site.sound('web-21');
    site.turnstile.letSockets(false);
    t.teardown(() => site.turnstile.letSockets(true));
    const person = await site.person(t);
    await person.enter(`#/connections/${id}`);
    await person.sees(/Live by polling/, 60_000);
    t.ok(site.turnstile.refused() > 0, 'a socket was tried');
    await person.press('ssh_test', /Test SSH/);
    await person.sees(/SSH test completed/);
    const admin = await site.admin();
    t.equal((await admin.call('POST', `/connections/${id}/operations/ssh_test`)).status, 202);
    const stored = await person.seesTheStore(admin, id);
    t.equal(stored.length, 2, 'that of another person too');
    site.turnstile.letSockets(true);
    await person.page.reload();
    await person.sees(/Live (?!by polling)/);
  },
};
