/** What is read can be read: contrast as WCAG 2.2 counts it, of the tokens as the browser resolves them. */
import { expect, fixture, html } from '@open-wc/testing';
import { LitElement, type TemplateResult } from 'lit';
import { tokens } from './tokens.styles.js';

class Swatch extends LitElement {
  static override styles = tokens;

  override render(): TemplateResult {
    return html`<i></i>`;
  }
}
customElements.define('test-swatch', Swatch);

const TEXT = ['ink', 'ink-2', 'ink-3', 'taken', 'clear', 'stop', 'caution'];
const GROUNDS = ['page', 'surface', 'sunken', 'taken-tint', 'clear-tint', 'stop-tint', 'caution-tint'];
const STATES = ['taken', 'clear', 'stop', 'caution', 'ink-3'];

const readable = 4.5;
const visible = 3;

const channel = (value: number): number =>
  value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;

function luminance(colour: string): number {
  const [r = NaN, g = NaN, b = NaN] = (colour.match(/[\d.]+/g) ?? []).map(Number).map(channel);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = NaN, light = NaN] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('contrast', () => {
  it('is counted as WCAG does', () => {
    expect(contrast('rgb(0, 0, 0)', 'rgb(255, 255, 255)')).to.equal(21);
    expect(contrast('rgb(119, 119, 119)', 'rgb(255, 255, 255)')).to.be.closeTo(4.48, 0.01);
  });

  for (const theme of ['light', 'dark']) {
    describe(`in ${theme}`, () => {
      let colourOf = (_token: string): string => '';

      beforeEach(async () => {
        const swatch = await fixture<Swatch>(html`<test-swatch></test-swatch>`);
        swatch.style.colorScheme = theme;
        const probe = swatch.shadowRoot?.querySelector('i') as HTMLElement;
        colourOf = (token) => {
          probe.style.color = `var(--_${token})`;
          return getComputedStyle(probe).color;
        };
      });

      const poor = (fore: readonly string[], grounds: readonly string[], least: number): string[] =>
        fore.flatMap((front) =>
          grounds
            .map((ground) => ({ ground, ratio: contrast(colourOf(front), colourOf(ground)) }))
            .filter(({ ratio }) => !(ratio >= least))
            .map(({ ground, ratio }) => `${front} on ${ground}: ${ratio.toFixed(2)}`),
        );

      it('is 4.5 for all text on every ground and tint', () => {
        expect(poor(TEXT, GROUNDS, readable)).to.deep.equal([]);
        expect(poor(['on-action'], ['action'], readable)).to.deep.equal([]);
      });

      it('is 3 for lamps, rails, borders and the ring of the focus', () => {
        expect(poor(['track', 'focus', ...STATES], ['page', 'surface', 'sunken'], visible)).to.deep.equal([]);
        expect(poor(['on-lamp'], STATES, visible)).to.deep.equal([]);
      });

      it('resolves every token that is asked for', () => {
        const known = [...TEXT, ...GROUNDS, 'track', 'line', 'on-lamp', 'action', 'on-action', 'focus'];
        const colours = known.map(colourOf);
        expect(colours.filter((colour) => !/^rgb\(/.test(colour))).to.deep.equal([]);
        expect(new Set(colours).size).to.be.greaterThan(15);
      });
    });
  }
});
