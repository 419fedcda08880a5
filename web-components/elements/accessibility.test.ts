/** Each element in each state, theme and direction, by axe: the states are drawn once, and looked at six times. */
import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { appear, directions, disappear, isFirefox, themes } from '../testing/states/appearance.js';
import { violations } from '../testing/states/axe.js';
import { settled } from '../testing/states/settled.js';
import { states } from '../testing/states/states.js';
import { drawn, subjects } from '../testing/states/subjects.js';

const names = states().map(({ name }) => name);
/** Firefox can't be told to force colours. */
const shown = isFirefox ? themes.filter((theme) => theme !== 'forced-colors') : themes;

for (const subject of subjects) {
  describe(subject.name, () => {
    const place = document.createElement('main');
    // From one theme to the next at once: what fades has to be waited for.
    for (const duration of ['--signalbox-quick', '--signalbox-move']) place.style.setProperty(duration, '0ms');

    before(async function draw() {
      this.timeout(60_000);
      document.body.append(place);
      render(html`${states().map((state) => drawn(subject, state))}`, place);
      await settled(place);
    });

    after(async () => {
      place.remove();
      await disappear();
    });

    for (const theme of shown)
      for (const direction of directions)
        describe(`in ${theme}, ${direction}`, () => {
          let found = new Map<string, string[]>();

          before(async function look() {
            // It looks at all states at once; the tests beneath it only read what it saw.
            this.timeout(60_000);
            await appear(theme, direction);
            await settled(place);
            found = await violations(place);
          });

          for (const name of names) {
            it(`has nothing amiss while ${name}`, () => {
              expect(found.get(name) ?? []).to.deep.equal([]);
            });
          }

          it('has nothing amiss outside of its states', () => {
            expect([...found.keys()].filter((name) => !names.includes(name))).to.deep.equal([]);
          });
        });
  });
}
