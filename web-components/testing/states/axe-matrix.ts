import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { appear, directions, disappear, type Theme } from './appearance.js';
import { violations } from './axe.js';
import { settled } from './settled.js';
import { states } from './states.js';
import { drawn, subjects } from './subjects.js';

const names = states().map(({ name }) => name);

/** Each element in each state and both directions, by axe, in one theme: a file each, so that none takes long. */
export function axeMatrix(theme: Theme): void {
  for (const subject of subjects) {
    describe(`${subject.name} in ${theme}`, () => {
      const place = document.createElement('main');
      const found = new Map<string, Map<string, string[]>>();

      before(async function look() {
        // It looks at thirty pictures; the tests beneath it only read what it saw.
        this.timeout(60_000);
        document.body.append(place);
        render(html`${states().map((state) => drawn(subject, state))}`, place);
        for (const direction of directions) {
          await appear(theme, direction);
          await settled(place);
          found.set(direction, await violations(place));
        }
      });

      after(async () => {
        place.remove();
        await disappear();
      });

      for (const direction of directions) {
        for (const name of names) {
          it(`has nothing amiss while ${name}, ${direction}`, () => {
            expect(found.get(direction)?.get(name) ?? []).to.deep.equal([]);
          });
        }

        it(`has nothing amiss outside of its states, ${direction}`, () => {
          const elsewhere = [...(found.get(direction)?.keys() ?? ['not looked at'])];
          expect(elsewhere.filter((name) => !names.includes(name))).to.deep.equal([]);
        });
      }
    });
  }
}
