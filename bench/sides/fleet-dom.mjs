/** A side of U2: the same rows by hand: one template that is cloned, and the two places that change held by each row. */
import { adoptStyle } from './fleet-style.mjs';

const { document } = globalThis;
const template = document.createElement('template');
const rows = new Map();
let place = null;

template.innerHTML = `<div class="fleet-row" role="row"><div class="cells" role="presentation">
  <div class="c-lamp" role="cell"><svg class="lamp taken" viewBox="0 0 16 16" role="img" aria-label="running">
    <circle class="under" cx="8" cy="8" r="7.5"/>
    <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1" opacity=".5"/>
    <circle cx="8" cy="8" r="2.25" fill="currentColor"/>
    <circle class="arc" cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="3" pathLength="100"
      transform="rotate(-90 8 8)"/></svg></div>
  <div class="c-name" role="rowheader"><bdi class="name" tabindex="-1"></bdi> <bdi class="mono muted sm host"></bdi></div>
  <div class="c-plat mono soft" role="cell">linux</div>
  <div class="c-now" role="cell"><span class="row"><span class="strong grow">Ping</span><span class="soft"></span></span>
    <span class="line sm muted"><bdi class="message"></bdi></span></div>
  <div class="c-cert" role="cell"><span class="muted" aria-hidden="true">–</span><span class="vh">None</span></div>
  <div class="c-last soft" role="cell"><span>Ping</span> <span class="muted sm nowrap">mira, now</span></div>
  <div class="c-act" role="cell"></div>
</div></div>`;

function show({ arc, message }, facts) {
  arc.setAttribute('stroke-dasharray', `${facts.progress} 100`);
  message.textContent = facts.message;
}

function rowOf(facts) {
  const element = template.content.firstElementChild.cloneNode(true);
  const [arc, message] = ['.arc', '.message'].map((name) => element.querySelector(name));
  element.querySelector('.name').textContent = facts.name;
  element.querySelector('.host').textContent = facts.host;
  const row = { element, arc, message };
  show(row, facts);
  rows.set(facts.id, row);
  return element;
}

adoptStyle();
globalThis.side = {
  mount(facts) {
    place = document.createElement('div');
    place.className = 'fleet';
    place.append(...facts.map(rowOf));
    document.body.append(place);
  },
  change(facts) {
    for (const each of facts) show(rows.get(each.id), each);
  },
  text: (id) => rows.get(id).element.textContent,
  unmount: () => place.remove(),
};
