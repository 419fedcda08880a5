/** What the build puts in for parts of Lit does what those do. */
import { expect, fixture, html } from '@open-wc/testing';
import { css as litCss, LitElement, unsafeCSS as litUnsafe } from 'lit';
import * as lit from 'lit/decorators.js';
import { css, CSSResult, adoptStyles, unsafeCSS } from './slim-css.js';
import * as slim from './slim-decorators.js';

/** The same element, made with one or the other. */
function elementWith({ property, state, query }: typeof slim): typeof LitElement {
  class Sample extends LitElement {
    count = 0;
    name = '';
    open = false;
    list: string[] = [];
    secret = '';
    declare box: HTMLElement | null;

    override render() {
      return html`<p id="box">${this.count} ${this.name} ${this.open} ${this.list.length} ${this.secret}</p>`;
    }
  }
  const decorate = (name: string, decorator: (proto: object, name: string) => unknown): void => {
    // What a decorator answers is the property's new descriptor: so does the compiler take it.
    const descriptor = decorator(Sample.prototype, name) as PropertyDescriptor | undefined;
    if (descriptor) Object.defineProperty(Sample.prototype, name, descriptor);
  };
  decorate('count', property({ type: Number }));
  decorate('name', property({ reflect: true }));
  decorate('open', property({ type: Boolean }));
  decorate('list', property({ attribute: false }));
  decorate('secret', state());
  decorate('box', query('#box'));
  return Sample;
}

interface Sample extends LitElement {
  count: number;
  name: string;
  list: string[];
  secret: string;
  box: HTMLElement | null;
}

describe('the slim decorators', () => {
  for (const [which, decorators] of Object.entries({ lit: lit as unknown as typeof slim, slim })) {
    it(`make properties, states and queries (${which})`, async () => {
      const tag = `sample-${which}`;
      customElements.define(tag, elementWith(decorators));
      const element = document.createElement(tag) as Sample;
      element.setAttribute('count', '3');
      element.setAttribute('open', '');
      element.setAttribute('secret', 'not this way');
      (await fixture(html`<div></div>`)).append(element);
      await element.updateComplete;
      expect(element.box?.textContent).to.equal('3  true 0 ');
      Object.assign(element, { name: 'a', list: ['x'], secret: 'b' });
      await element.updateComplete;
      expect(element.getAttribute('name')).to.equal('a');
      expect(element.box?.textContent).to.equal('3 a true 1 b');
      const { observedAttributes } = element.constructor as typeof LitElement;
      expect(observedAttributes).to.deep.equal(['count', 'name', 'open']);
    });
  }
});

const folded = (text: string): string => text.replace(/\s+/g, ' ').trim();

describe('the slim css', () => {
  it('says what Lit says', () => {
    const ours = css`
      p {
        margin: ${2}px;
        ${css`
          color: red;
        `} ${unsafeCSS('top: 0')}
      }
    `;
    const theirs = litCss`p { margin: ${2}px; ${litCss`color: red;`} ${litUnsafe('top: 0')} }`;
    expect(folded(ours.cssText)).to.equal(folded(theirs.cssText));
    expect(String(ours)).to.equal(ours.cssText);
    expect(
      () => css`
        ${'p {}' as unknown as number}
      `,
    ).to.throw(TypeError);
  });

  it('makes one sheet, when it is first wanted, and adopts it in order', async () => {
    const sheet = new CSSStyleSheet();
    const style = new CSSResult('p { color: rgb(1, 2, 3); }');
    const host = await fixture(html`<div></div>`);
    const root = host.attachShadow({ mode: 'open' });
    adoptStyles(root, [style, sheet]);
    expect(root.adoptedStyleSheets).to.deep.equal([style.styleSheet, sheet]);
    root.append(document.createElement('p'));
    expect(getComputedStyle(root.firstElementChild as Element).color).to.equal('rgb(1, 2, 3)');
  });
});
