import type { Story } from './story.js';
import { textOf } from '../../peers/browser.js';

export const signOut: Story = {
  title: 'who signs out in the middle sees nothing any more, and all of it after signing in again',
  async tell(t, site) {
    const id = await site.silent('edge-12');
    const person = await site.person(t);
    await person.enter(`#/connections/${id}`);
    await person.press('ssh_test', /Test SSH/);
    await person.sees(/Testing….*Step 3 of 6/);
    await person.signOut();
    t.notMatch(await textOf(person.page), /edge-12|Testing/);
    t.equal(await person.page.evaluate('sessionStorage.length + localStorage.length'), 0, 'no token is left');
    const admin = await site.admin();
    const { body } = await admin.call('GET', `/connections/${id}/operations?status=active`);
    t.equal((body['operations'] as object[]).length, 1, 'the operation goes on');
    await person.signIn();
    await person.sees(/Testing….*Step 3 of 6/);
    await person.page.locator('signalbox-progress [part~=cancel]').click();
    t.match(await person.seesTheStore(admin, id), [{ status: 'cancelled' }]);
  },
};
