/** People at the console through all that can go wrong on the way, with nothing in front of the server. */
import t from 'tap';
import { Site } from './site.js';
import { stories } from './stories/all.js';

const site = await Site.open({ behindNginx: false });
t.teardown(() => site.close());

for (const { title, tell } of stories) t.test(title, (t) => tell(t, site));

t.test('no page broke its policy, and no error went uncaught', (t) => {
  t.same(site.complaints, []);
  t.end();
});
