/** A side of U2: our rows as `<signalbox-fleet>` has them: a store that says which lines became others, and an element for each. */
import { adoptStyles, html, render } from 'lit';
import '../../web-components/elements/fleet/define.js';
import { blocksOf, drawBlocks } from '../../web-components/elements/fleet/blocks.js';
import { fleetStyles } from '../../web-components/elements/fleet/fleet.styles.js';
import { FleetStore } from '../../web-components/elements/fleet/fleet-store.js';
import { connection } from '../../web-components/testing/fleet.js';
import { operation, ping } from '../../web-components/testing/operations.js';
import { COLUMNS } from './fleet-facts.mjs';

const { document } = globalThis;
const definitions = [ping];
let [place, root, store] = [null, null, null];

const operationOf = ({ id, progress, message, revision }) =>
  operation(id, { connectionId: id, type: 'ping', status: 'in_progress', progress, message, revision, step: null });

const row = ({ line }) =>
  html`<signalbox-fleet-row
    id="row-${line.connection.id}"
    role="row"
    .definitions=${definitions}
    .line=${line}
  ></signalbox-fleet-row>`;

globalThis.side = {
  mount(facts) {
    place = document.createElement('div');
    place.style.setProperty('--_columns', COLUMNS);
    root = place.attachShadow({ mode: 'open' });
    adoptStyles(root, fleetStyles.flat(Infinity));
    store = new FleetStore();
    store.takeConnections(facts.map(({ id, name, host }) => connection(id, name, { hostname: host })));
    store.takeOperations(facts.map(operationOf));
    store.flush(Date.now());
    render(
      drawBlocks(blocksOf([...store.lines.values()].map((line) => ({ key: line.connection.id, line }))), row),
      root,
    );
    document.body.append(place);
  },
  change(facts) {
    store.takeOperations(facts.map(operationOf));
    for (const line of store.flush(Date.now()).lines) root.getElementById(`row-${line.connection.id}`).line = line;
  },
  text: (id) => root.getElementById(`row-${id}`).shadowRoot.textContent,
  unmount: () => place.remove(),
};
