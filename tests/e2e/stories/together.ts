import type { Story } from './story.js';
import { PHONE } from '../person.js';

/** Two tabs, two browsers, a phone and a desk: whoever presses, all see one operation. */
export const together: Story = {
  title: 'two tabs and a phone in another browser press at once, and see one operation to its end',
  async tell(t, site) {
    const id = await site.silent('edge-11');
    const hash = `#/connections/${id}`;
    const desk = await site.person(t);
    const tab = await desk.tab();
    const phone = await site.person(t, PHONE, 1);
    const all = [desk, tab, phone];
    for (const each of all) await each.enter(hash);
    for (const each of all) await each.sees(/Test SSH/);
    await Promise.all(all.map((each) => each.button('ssh_test').dispatchEvent('click')));
    for (const each of all) await each.sees(/Testing….*Step 3 of 6/);
    const admin = await site.admin();
    const { body } = await admin.call('GET', `/connections/${id}/operations`);
    t.equal((body['operations'] as object[]).length, 1, 'one operation');
    const busy = phone.button('ssh_test');
    t.equal(await busy.getAttribute('aria-disabled'), 'true');
    t.notOk(await busy.evaluate((button: { disabled: boolean }) => button.disabled), 'and it can still have the focus');
    await phone.page.locator('signalbox-progress [part~=cancel]').click();
    for (const each of all) t.match(await each.seesTheStore(admin, id), [{ status: 'cancelled' }]);
    for (const each of all) await each.sees(/Cancelled by admin/);
  },
};
