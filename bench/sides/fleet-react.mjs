/** A side of U2: the same rows in React 19: memo rows that subscribe to a keyed store, as its users write it when it has to be fast. */
import { createElement as h, memo, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { adoptStyle } from './fleet-style.mjs';

const { document } = globalThis;
let [place, root] = [null, null];
const facts = new Map();
const listeners = new Map();

const subscriber = (id) => (listener) => {
  listeners.set(id, listener);
  return () => listeners.delete(id);
};

const circle = (more) => h('circle', { cx: 8, cy: 8, fill: 'none', stroke: 'currentColor', ...more });
const arcOf = (progress) => ({
  strokeWidth: 3,
  pathLength: 100,
  transform: 'rotate(-90 8 8)',
  strokeDasharray: `${progress} 100`,
});
const cell = (className, ...content) => h('div', { className, role: 'cell' }, ...content);
const words = (className, ...content) => h('span', { className }, ...content);

const lamp = (progress) =>
  h(
    'svg',
    { className: 'lamp taken', viewBox: '0 0 16 16', role: 'img', 'aria-label': 'running' },
    h('circle', { className: 'under', cx: 8, cy: 8, r: 7.5 }),
    circle({ r: 6, strokeWidth: 1, opacity: 0.5 }),
    h('circle', { cx: 8, cy: 8, r: 2.25, fill: 'currentColor' }),
    circle({ r: 6, ...arcOf(progress) }),
  );

const name = ({ name, host }) =>
  h(
    'div',
    { className: 'c-name', role: 'rowheader' },
    h('bdi', { className: 'name', tabIndex: -1 }, name),
    ' ',
    h('bdi', { className: 'mono muted sm host' }, host),
  );

const Row = memo(function Row({ id, subscribe }) {
  const each = useSyncExternalStore(subscribe, () => facts.get(id));
  const cells = [
    cell('c-lamp', lamp(each.progress)),
    name(each),
    cell('c-plat mono soft', 'linux'),
    cell(
      'c-now',
      words('row', words('strong grow', 'Ping'), words('soft')),
      words('line sm muted', h('bdi', null, each.message)),
    ),
    cell('c-cert', h('span', { className: 'muted', 'aria-hidden': true }, '–'), words('vh', 'None')),
    cell('c-last soft', h('span', null, 'Ping'), ' ', words('muted sm nowrap', 'mira, now')),
    cell('c-act'),
  ];
  const inner = h('div', { className: 'cells', role: 'presentation' }, ...cells);
  return h('div', { className: 'fleet-row', role: 'row', id: `row-${id}` }, inner);
});

function take(all) {
  for (const each of all) facts.set(each.id, each);
}

adoptStyle();
globalThis.side = {
  mount(all) {
    take(all);
    place = document.createElement('div');
    place.className = 'fleet';
    document.body.append(place);
    root = createRoot(place);
    flushSync(() => root.render(all.map(({ id }) => h(Row, { key: id, id, subscribe: subscriber(id) }))));
  },
  change(all) {
    take(all);
    flushSync(() => all.forEach(({ id }) => listeners.get(id)()));
  },
  text: (id) => document.getElementById(`row-${id}`).textContent,
  unmount() {
    root.unmount();
    place.remove();
  },
};
