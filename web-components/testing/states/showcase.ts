/** A page of all states, for pictures and for trying a style: `?element=…&state=…&dir=rtl&theme=dark&lang=de`, each left out: all. */
import { html, render } from 'lit';
import { states } from './states.js';
import { drawn, subjects } from './subjects.js';

const asked = new URLSearchParams(location.search);
const { documentElement: root, body } = document;
const wanted = (name: string, of: string): boolean => (asked.get(of) ?? name) === name;

root.lang = asked.get('lang') ?? 'en';
root.dir = asked.get('dir') ?? 'ltr';
root.style.colorScheme = asked.get('theme') ?? 'light dark';

const shown = subjects.filter(({ name }) => wanted(name, 'element'));
const inState = states().filter(({ name }) => wanted(name, 'state'));

render(
  shown.map(
    (subject) =>
      html`<h1>${subject.name}</h1>
        ${inState.map(
          (state) =>
            html`<h2>${state.name}</h2>
              ${drawn(subject, state)}`,
        )}`,
  ),
  body,
);
