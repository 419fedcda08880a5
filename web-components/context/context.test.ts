/** The context protocol: ours with ours, ours with that of @lit/context, and providers that come late. */
import { expect, fixture, html } from '@open-wc/testing';
import { ContextConsumer, ContextProvider as LitProvider } from '@lit/context';
import { LitElement } from 'lit';
import { consume, ContextProvider, type Context } from './context.js';

const context = Symbol('test') as Context<string>;
const other = Symbol('other') as Context<string>;

class Gives extends LitElement {
  readonly values = new ContextProvider(this, { context });
}

class Takes extends LitElement {
  readonly taken: (string | undefined)[] = [];

  constructor() {
    super();
    consume(this, context, (value) => this.taken.push(value));
  }

  get last(): string | undefined {
    return this.taken.at(-1);
  }
}

class LitGives extends LitElement {
  readonly values = new LitProvider(this, { context });
}

class LitTakes extends LitElement {
  readonly values = new ContextConsumer(this, { context, subscribe: true });
  readonly once = new ContextConsumer(this, { context });
}

/** Gives and takes the same: what it takes is what is around it. */
class Both extends Takes {
  readonly values = new ContextProvider(this, { context });
}

customElements.define('context-gives', Gives);
customElements.define('context-takes', Takes);
customElements.define('context-lit-gives', LitGives);
customElements.define('context-lit-takes', LitTakes);
customElements.define('context-both', Both);

let tags = 0;
/** A tag that nobody has defined yet. */
const undefinedTag = (): string => `context-late-${(tags += 1)}`;

function around<Outer extends HTMLElement>(tag: string, ...inside: Element[]): Outer {
  const outer = document.createElement(tag);
  outer.append(...inside);
  return outer as Outer;
}

const inPage = <E extends HTMLElement>(element: E): Promise<HTMLElement> => fixture(html`<div>${element}</div>`);

describe('the context', () => {
  it('gives what is there, and each later value once', async () => {
    const takes = new Takes();
    const gives = around<Gives>('context-gives', takes);
    gives.values.setValue('one');
    await inPage(gives);
    gives.values.setValue('two');
    gives.values.setValue('two');
    expect(takes.taken.slice(takes.taken.indexOf('one'))).to.deep.equal(['one', 'two']);
  });

  it('reaches into shadow roots, and draws the host anew', async () => {
    const takes = new Takes();
    const box = document.createElement('div');
    box.attachShadow({ mode: 'open' }).append(takes);
    const gives = around<Gives>('context-gives', box);
    await inPage(gives);
    await takes.updateComplete;
    gives.values.setValue('one');
    expect(takes.isUpdatePending).to.equal(true);
    expect(takes.last).to.equal('one');
    await takes.updateComplete;
  });

  it('is that of the nearest provider, of this context only', async () => {
    const takes = new Takes();
    const inner = around<Gives>('context-gives', takes);
    const outer = around<Gives>('context-gives', inner);
    new ContextProvider(inner, { context: other }).setValue('another');
    await inPage(outer);
    outer.values.setValue('outer');
    inner.values.setValue('inner');
    expect(takes.taken.filter(Boolean)).to.deep.equal(['inner']);
  });

  it('is not a host’s own', async () => {
    const both = new Both();
    both.values.setValue('own');
    const outer = around<Gives>('context-gives', both);
    outer.values.setValue('outer');
    await inPage(outer);
    expect(both.taken.filter(Boolean)).to.not.include('own');
    expect(both.last).to.equal('outer');
  });

  it('finds a provider that is upgraded after what is inside it', async () => {
    const tag = undefinedTag();
    const takes = new Takes();
    const late = around<Gives>(tag, takes);
    await inPage(late);
    expect(takes.taken).to.deep.equal([]);
    customElements.define(tag, class extends Gives {});
    late.values.setValue('late');
    expect(takes.last).to.equal('late');
  });

  it('goes over to a nearer provider that is upgraded late, and leaves the other', async () => {
    const tag = undefinedTag();
    const takes = new Takes();
    const inner = around<Gives>(tag, takes);
    const outer = around<Gives>('context-gives', inner);
    outer.values.setValue('outer');
    await inPage(outer);
    expect(takes.last).to.equal('outer');
    customElements.define(tag, class extends Gives {});
    inner.values.setValue('inner');
    outer.values.setValue('outer again');
    expect(takes.last).to.equal('inner');
  });

  it('ends with the host in the page, and comes back with it', async () => {
    const takes = new Takes();
    const gives = around<Gives>('context-gives', takes);
    gives.values.setValue('one');
    await inPage(gives);
    takes.remove();
    gives.values.setValue('two');
    expect(takes.last).to.equal('one');
    gives.append(takes);
    expect(takes.last).to.equal('two');
    const elsewhere = around<Gives>('context-gives');
    elsewhere.values.setValue('elsewhere');
    gives.before(elsewhere);
    elsewhere.append(takes);
    gives.values.setValue('three');
    expect(takes.last).to.equal('elsewhere');
  });

  it('gets on with providers and consumers of @lit/context', async () => {
    const ours = new Takes();
    const litGives = around<LitGives>('context-lit-gives', ours);
    await inPage(litGives);
    litGives.values.setValue('theirs');
    expect(ours.last).to.equal('theirs');
    ours.remove();
    litGives.values.setValue('unheard');
    expect(ours.last).to.equal('theirs');

    const theirs = new LitTakes();
    const gives = around<Gives>('context-gives', theirs);
    gives.values.setValue('one');
    await inPage(gives);
    gives.values.setValue('two');
    expect([theirs.values.value, theirs.once.value]).to.deep.equal(['two', 'one']);
  });

  it('finds a late provider of @lit/context, too', async () => {
    const tag = undefinedTag();
    const takes = new Takes();
    const late = around<LitGives>(tag, takes);
    await inPage(late);
    customElements.define(tag, class extends LitGives {});
    late.values.setValue('late');
    expect(takes.last).to.equal('late');
  });
});
