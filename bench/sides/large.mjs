/** A side of U3: whole elements with all that they may have to hold, and what a person does in them. */
import { html, render } from 'lit';
import '../../web-components/elements/provider/define.js';
import '../../web-components/elements/fleet/define.js';
import '../../web-components/elements/log/define.js';
import { FakeClient } from '../../web-components/testing/fake-client.js';
import { manyConnections } from '../../web-components/testing/fleet.js';
import { operation, ping } from '../../web-components/testing/operations.js';

const { document, Event, performance, requestAnimationFrame } = globalThis;
const LINES = 100_000;
const CONNECTIONS = 2_000;
const STOPS = 40;
/** A turn of the wheel in each frame. */
const GLIDE = { frames: 200, px: 100 };

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

async function until(isSo) {
  while (!isSo()) await frame();
}

/** The longest time between two frames while something is done, in ms. */
async function longestFrame(work) {
  await frame();
  let [last, longest, isOver] = [await frame(), 0, false];
  const watching = (async () => {
    while (!isOver) {
      const now = await frame();
      [longest, last] = [Math.max(longest, now - last), now];
    }
  })();
  await work();
  // What the last of it left to be drawn.
  await frame();
  await frame();
  isOver = true;
  await watching;
  return longest;
}

async function stage(template, tag, client = new FakeClient()) {
  const place = document.createElement('div');
  render(html`<signalbox-provider .client=${client}>${template}</signalbox-provider>`, place);
  document.body.append(place);
  const element = place.querySelector(tag);
  await element.updateComplete;
  return { place, client, inside: element.shadowRoot };
}

async function glided(box) {
  for (let count = 1; count <= GLIDE.frames; count++) {
    box.scrollTop = count * GLIDE.px;
    await frame();
  }
}

async function scrolled(box) {
  for (let stop = STOPS; stop >= 0; stop--) {
    box.scrollTop = ((box.scrollHeight - box.clientHeight) * stop) / STOPS;
    await frame();
  }
}

const line = (seq) => ({ seq, at: '2026-11-22T21:00:00.000Z', stream: 'out', text: `line ${seq} of a long output` });

async function log() {
  const lines = Array.from({ length: LINES + 1_000 }, (_, index) => line(index + 1));
  const { place, client, inside } = await stage(
    html`<signalbox-log connection="1" operation="x"></signalbox-log>`,
    'signalbox-log',
  );
  const ends = (seq) => () => [...inside.querySelectorAll('.line')].at(-1)?.textContent.includes(`line ${seq} `);
  const arrive = await longestFrame(async () => {
    client.showLog(lines.slice(0, LINES));
    await until(ends(LINES));
  });
  const follow = await longestFrame(async () => {
    client.showLog(lines);
    await until(ends(LINES + 1_000));
  });
  const scroll = await longestFrame(() => scrolled(inside.querySelector('.log')));
  const glide = await longestFrame(() => glided(inside.querySelector('.log')));
  place.remove();
  return { arrive, follow, scroll, glide };
}

async function fleet() {
  const shown = (revision) =>
    Array.from({ length: CONNECTIONS }, (_, index) =>
      operation(index + 1, {
        ...{ connectionId: index + 1, type: 'ping', status: 'in_progress', step: null, revision },
        ...{ progress: revision, message: `Part ${revision}` },
      }),
    );
  const connections = manyConnections(CONNECTIONS);
  const client = new FakeClient();
  client.published = [ping];
  client.answer = (_, path) => (path === '/connections' ? { connections } : { certificates: [] });
  client.show(...shown(1));
  let [place, inside] = [null, null];
  const rows = () => [...inside.querySelectorAll('signalbox-fleet-row')];
  const says = (text) => () => rows().at(-1)?.shadowRoot?.textContent.includes(text) ?? false;
  const began = performance.now();
  const arrive = await longestFrame(async () => {
    ({ place, inside } = await stage(html`<signalbox-fleet></signalbox-fleet>`, 'signalbox-fleet', client));
    await until(() => rows().length === CONNECTIONS);
  });
  const whole = performance.now() - began;
  const change = await longestFrame(async () => {
    client.show(...shown(2));
    await until(says('Part 2'));
  });
  const glide = await longestFrame(() => glided(document.scrollingElement));
  const scroll = await longestFrame(() => scrolled(document.scrollingElement));
  const field = inside.querySelector('.search');
  const filter = await longestFrame(async () => {
    field.value = connections.at(-1).name;
    field.dispatchEvent(new Event('input'));
    await until(() => rows().length === 1);
  });
  place.remove();
  return { arrive, whole, change, scroll, glide, filter };
}

globalThis.side = { log, fleet };
