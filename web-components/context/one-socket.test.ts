/** A page full of elements in several providers: one socket, one subscription each, kept while somebody shows it. */
import { expect, fixture, html } from '@open-wc/testing';
import type { TemplateResult } from 'lit';
import '../index.js';
import '../elements/history/define.js';
import { sharedClient } from '../client/index.js';
import { Rig } from '../client/testing/rig.js';

const SECOND = 1_000;
const PROVIDERS = 3;
const ELEMENTS = 50;
const CONNECTIONS = 5;

/** Three kinds in turn, ten elements for each connection. */
function element(index: number): TemplateResult {
  const connection = 1 + (index % CONNECTIONS);
  if (index % 3 === 0) return html`<signalbox-history connection=${connection}></signalbox-history>`;
  if (index % 3 === 1) return html`<signalbox-progress connection=${connection} type="ssh_test"></signalbox-progress>`;
  return html`<signalbox-button connection=${connection} type="ssh_test"></signalbox-button>`;
}

const of = (provider: number): TemplateResult[] =>
  Array.from({ length: ELEMENTS }, (_unused, index) => index)
    .filter((index) => index % PROVIDERS === provider)
    .map(element);

describe('a page of 50 elements in 3 providers', () => {
  it('has one socket, one reading and one subscription for each connection, and asks for one token', async () => {
    const rig = new Rig();
    rig.client.close();
    await rig.clock.advance(0);
    rig.asked.length = 0;
    // The first user's options count, so that the providers find this client.
    const { fetchToken, url, ...around } = rig.options({ url: 'http://box.test' });
    const first = sharedClient({ url, fetchToken, ...around });
    const page = await fixture(html`
      <div>
        ${[0, 1, 2].map(
          (provider) =>
            html`<signalbox-provider url=${url} .fetchToken=${() => Promise.resolve(null)}
              >${of(provider)}</signalbox-provider
            >`,
        )}
      </div>
    `);
    first.close();
    const elements = [...page.querySelectorAll('signalbox-provider > *')];
    expect(elements.length).to.equal(ELEMENTS);
    await rig.clock.advance(5 * SECOND);
    expect(rig.server.sockets.length).to.equal(1);
    const asked = rig.server.socket.received.filter(({ type }) => type === 'sub').map(({ path }) => path);
    expect(asked.sort()).to.deep.equal([1, 2, 3, 4, 5].map((id) => `/connections/${id}/operations`));
    expect(rig.server.count('GET', /^\/connections\/\d\/operations/)).to.equal(CONNECTIONS);
    expect(rig.asked).to.deep.equal(['initial']);

    elements.slice(1).forEach((leaving) => leaving.remove());
    await rig.clock.advance(4 * SECOND);
    expect(rig.server.socket.paths.size).to.equal(CONNECTIONS);
    await rig.clock.advance(2 * SECOND);
    expect([...rig.server.socket.paths]).to.deep.equal(['/connections/1/operations']);
    rig.server.insert(1);
    await rig.clock.advance(SECOND);
    await (elements[0] as HTMLElement & { updateComplete: Promise<boolean> }).updateComplete;
    expect(elements[0]?.shadowRoot?.textContent).to.contain('mira');

    page.remove();
    await rig.clock.advance(6 * SECOND);
    expect(rig.server.living).to.deep.equal([]);
    expect(rig.server.breaches).to.deep.equal([]);
  });
});
