/** Elements that come when their tag is first seen. */
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { Autoloader } from './autoload.js';

let names = 0;

/** Loaders of elements that no other test has defined, each with how often it was asked. */
function scene(
  loads: (tag: string) => Promise<void> = async (tag) => customElements.define(tag, class extends HTMLElement {}),
) {
  names += 1;
  const tags = { one: `later-one-${names}`, two: `later-two-${names}` };
  const asked: string[] = [];
  const loader = (tag: string) => () => {
    asked.push(tag);
    return loads(tag);
  };
  const autoloader = new Autoloader({ [tags.one]: loader(tags.one), [tags.two]: loader(tags.two) });
  return { autoloader, asked, tags };
}

const put = (tag: string, root: ParentNode): Element => {
  const element = document.createElement(tag);
  root.append(element);
  return element;
};

describe('the autoloader', () => {
  it('loads what is there, then what comes, each once and nothing else', async () => {
    const root = await fixture(html`<div></div>`);
    const { autoloader, asked, tags } = scene();
    put(tags.one, root);
    const stop = autoloader.watch(root);
    await waitUntil(() => customElements.get(tags.one) !== undefined);
    expect(asked).to.deep.equal([tags.one]);
    const section = document.createElement('section');
    put(tags.two, section);
    put(tags.one, section);
    root.append(section);
    await waitUntil(() => customElements.get(tags.two) !== undefined);
    expect(asked).to.deep.equal([tags.one, tags.two]);
    stop();
  });

  it('looks no more once it is stopped', async () => {
    const root = await fixture(html`<div></div>`);
    const { autoloader, asked, tags } = scene();
    autoloader.watch(root)();
    put(tags.one, root);
    const other = autoloader.watch(document.createElement('div'));
    await autoloader.load(tags.two);
    expect(asked).to.deep.equal([tags.two]);
    other();
  });

  it('loads by name, once for all that ask, and knows its names', async () => {
    const { autoloader, asked, tags } = scene();
    await Promise.all([autoloader.load(tags.one), autoloader.load(tags.one)]);
    await autoloader.load(tags.one);
    expect(asked).to.deep.equal([tags.one]);
    const error = await autoloader.load('later-none').catch((reason: unknown) => reason);
    expect(String(error)).to.equal('RangeError: load: expected a tag of Signalbox, got: later-none');
  });

  it('asks again for what could not be loaded', async () => {
    const failures = [new Error('offline')];
    const { autoloader, asked, tags } = scene(async (tag) => {
      const failure = failures.pop();
      if (failure) throw failure;
      customElements.define(tag, class extends HTMLElement {});
    });
    expect(String(await autoloader.load(tags.one).catch(String))).to.contain('offline');
    await autoloader.load(tags.one);
    expect(asked).to.deep.equal([tags.one, tags.one]);
  });
});
