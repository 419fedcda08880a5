/** Every element as a page writes it, in a given state. */
import { html, type TemplateResult } from 'lit';
import '../../elements/button/define.js';
import '../../elements/connection/define.js';
import '../../elements/expiry/define.js';
import '../../elements/fleet/define.js';
import '../../elements/history/define.js';
import '../../elements/log/define.js';
import '../../elements/progress/define.js';
import '../../elements/provider/define.js';
import { operation } from '../operations.js';
import type { State } from './states.js';

export interface Subject {
  name: string;
  draw(state: State): TemplateResult;
  /** The only type whose operations it shows. */
  shows?: string;
}

export const subjects: readonly Subject[] = [
  {
    name: 'signalbox-button',
    draw: ({ type }) => html`<signalbox-button connection="1" type=${type}></signalbox-button>`,
  },
  { name: 'signalbox-progress', draw: () => html`<signalbox-progress connection="1"></signalbox-progress>` },
  {
    name: 'signalbox-progress, large',
    draw: () => html`<signalbox-progress large connection="1"></signalbox-progress>`,
  },
  { name: 'signalbox-history', draw: () => html`<signalbox-history connection="1"></signalbox-history>` },
  {
    name: 'signalbox-log',
    draw: () => html`<signalbox-log connection="1" operation=${operation(2).id}></signalbox-log>`,
  },
  {
    name: 'signalbox-connection',
    draw: ({ type }) => html`<signalbox-connection connection="1" actions=${type}></signalbox-connection>`,
  },
  { name: 'signalbox-fleet', draw: () => html`<signalbox-fleet></signalbox-fleet>` },
  {
    name: 'signalbox-expiry',
    draw: () => html`<signalbox-expiry></signalbox-expiry>`,
    shows: 'certificate_renewal',
  },
];

/** One element in one state. The mark says which, to whoever finds something amiss in it. */
export function drawn(subject: Subject, state: State): TemplateResult {
  return html`<section data-state=${state.name} aria-label=${state.name}>
    <signalbox-provider .client=${state.client(subject.shows)}>${subject.draw(state)}</signalbox-provider>
  </section>`;
}
