import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { css, LitElement, type TemplateResult } from 'lit';
import { type PageTime, takePageTime } from '../testing/page-time.js';
import { LaterPart } from './later-part.js';

const part = {
  word: 'second',
  styles: [
    css`
      p {
        color: rgb(1, 2, 3);
      }
    `,
  ],
};

type Part = typeof part;

class PartHost extends LitElement {
  /** How each asking ends. */
  readonly asked: { give(part: Part): void; fail(): void }[] = [];
  readonly later = new LaterPart(
    this,
    () => new Promise<Part>((give, fail) => this.asked.push({ give, fail: () => fail(new TypeError('offline')) })),
  );

  override render(): TemplateResult {
    return html`<p>${this.later.want()?.word ?? (this.later.isAwaited ? 'first' : 'without')}</p>`;
  }

  get shown(): string {
    return this.shadowRoot?.textContent.trim() ?? '';
  }
}

customElements.define('test-part-host', PartHost);

describe('a later part', () => {
  let time: PageTime;
  let host: PartHost;

  beforeEach(async () => {
    time = takePageTime();
    host = await fixture<PartHost>(html`<test-part-host></test-part-host>`);
  });
  afterEach(() => time.end());

  /** The host draws itself for another reason. */
  async function redrawn(): Promise<string> {
    host.requestUpdate();
    await host.updateComplete;
    return host.shown;
  }

  it('is asked for by the first drawing, once, and drawn with its styles when it is there', async () => {
    expect(await redrawn()).to.equal('first');
    expect(host.asked).to.have.length(1);
    host.asked[0]?.give(part);
    await waitUntil(() => host.shown === 'second');
    const paragraph = host.shadowRoot?.querySelector('p') as HTMLElement;
    expect(getComputedStyle(paragraph).color).to.equal('rgb(1, 2, 3)');
    time.pass(60_000);
    expect(await redrawn()).to.equal('second');
    expect(host.asked).to.have.length(1);
  });

  it('is there from the first drawing on where another has loaded it', async () => {
    let loads = 0;
    const load = async (): Promise<Part> => {
      loads += 1;
      return part;
    };
    const hosts = await Promise.all(
      [1, 2].map(async () => {
        const one = await fixture<PartHost>(html`<test-part-host></test-part-host>`);
        return { one, later: new LaterPart(one, load) };
      }),
    );
    expect(await hosts[0]?.later.wait()).to.equal(part);
    expect(hosts[1]?.later.want()).to.equal(part);
    expect(hosts[1]?.later.want()).to.equal(part);
    expect(loads).to.equal(1);
  });

  it('is done without where it could not be loaded, and asked for again ten seconds later', async () => {
    host.asked[0]?.fail();
    await waitUntil(() => host.shown === 'without');
    time.pass(9_000);
    expect(await redrawn()).to.equal('without');
    expect(host.asked).to.have.length(1);
    time.pass(1_000);
    await redrawn();
    expect(host.asked).to.have.length(2);
    host.asked[1]?.give(part);
    await waitUntil(() => host.shown === 'second');
  });

  it('is asked for again at once for a person who waits for it', async () => {
    const first = host.later.wait();
    host.asked[0]?.fail();
    expect(await first).to.equal(null);
    const second = host.later.wait();
    expect(host.asked).to.have.length(2);
    host.asked[1]?.give(part);
    expect(await second).to.equal(part);
  });

  it('keeps nobody waiting who can do without it, and is welcome when it comes late', async () => {
    await waitUntil(() => host.shown === 'without', 'it goes on', { timeout: 8_000 });
    host.asked[0]?.give(part);
    await waitUntil(() => host.shown === 'second');
    expect(host.asked).to.have.length(1);
  });
});
