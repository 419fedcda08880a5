import type { Story } from './story.js';

/** The server goes in the middle of a restart, one way or the other, and comes back. */
const gone = (title: string, how: 'kill' | 'terminate'): Story => ({
  title,
  async tell(t, site) {
    const { appliance, id } = await site.appliance(t);
    const person = await site.person(t);
    await person.enter(`#/connections/${id}`);
    appliance.faults.hang = true;
    await person.press('service_restart', /Restart/);
    await person.sees(/Cisco Tomcat is starting/);
    await site[how]();
    await person.sees(/Reconnecting… last known at \d\d:\d\d:\d\d/);
    await person.sees(/Restarting/);
    await site.startAgain();
    await person.sees(/Live/);
    appliance.faults.hang = false;
    const [operation] = await person.seesTheStore(await site.admin(), id);
    t.match(operation, { status: 'completed' });
    // More than once where a busy machine let the short lease of these tests run out again.
    t.ok(Number(operation?.attempt) > 1, 'taken over, not started anew');
    t.equal(appliance.restarts.length, 1, 'the service was restarted once');
  },
});

export const killed = gone('a server that dies in the middle is missed, and its restart is taken over', 'kill');
export const terminated = gone('a server that is stopped in the middle hands its restart over', 'terminate');
