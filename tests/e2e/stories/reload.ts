import type { Story } from './story.js';
import { PHONE } from '../person.js';

export const reload: Story = {
  title: 'a page that is reloaded in the middle goes on where the restart is',
  async tell(t, site) {
    const { appliance, id } = await site.appliance(t);
    const person = await site.person(t, PHONE);
    await person.enter(`#/connections/${id}`);
    appliance.faults.hang = true;
    await person.press('service_restart', /Restart/);
    await person.sees(/Cisco Tomcat is starting/);
    await person.page.reload();
    await person.sees(/Restarting….*remaining/);
    await person.sees(/Cisco Tomcat is starting/);
    appliance.faults.hang = false;
    t.match(await person.seesTheStore(await site.admin(), id), [{ status: 'completed' }]);
    t.equal(appliance.restarts.length, 1);
  },
};
