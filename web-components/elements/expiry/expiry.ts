import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import { language, msg, updateWhenLocaleChanges } from '../../localisation/door.js';
import { send } from '../events.js';
import { freshness } from '../freshness.js';
import { lamp } from '../lamp/lamp.js';
import { problemSentence } from '../words.js';
import { endOf } from './axis.js';
import { CertificatesController } from './certificates-controller.js';
import { expiryStyles } from './expiry.styles.js';
import { type ExpiryLine, linesOf } from './line.js';
import { type Freeze, legend, picture } from './picture.js';
import type { Opening } from './row.js';
import { table } from './table.js';
import { inventoryWords } from './words.js';

const usualDays = 90;
const minuteMs = 60_000;
const noAccess: readonly number[] = [401, 403, 404];

interface Shown {
  certificates: readonly CertificateSummary[];
  /** What else the lines were made of. */
  state: string;
  lines: readonly ExpiryLine[];
  now: number;
}

/**
 * When certificates end and renew: a rail for each from today to its end, those that need somebody first.
 *
 * @element signalbox-expiry
 * @slot empty - Where no certificate is known.
 * @slot end - At the end of the head, in place of the legend.
 * @csspart panel - The panel.
 * @csspart timeline - The picture.
 * @csspart row - One certificate.
 * @csspart rail - Its rail.
 * @csspart label - The words at its stop.
 * @csspart table - The same as a table.
 * @fires signalbox-open - A connection was chosen; `detail.connection` is its id. Where it is prevented, its link is not followed.
 */
export class SignalboxExpiry extends LitElement {
  static override properties: PropertyDeclarations = {
    days: { type: Number },
    href: {},
    freezes: { attribute: false },
    certificates: { attribute: false },
    asTable: { state: true },
  };
  static override styles = expiryStyles;

  /** How many days the picture shows; what ends later has an arrow and its date at the edge. */
  days = usualDays;
  /** Where a connection is shown, with `{id}` in the place of its id; without it a click only sends `signalbox-open`. */
  href = '';
  /** Times in which nothing may be changed, hatched. */
  freezes: readonly Freeze[] = [];
  /** Certificates that the page has read itself; null: the element asks for them. */
  certificates: readonly CertificateSummary[] | null = null;

  private asTable = false;

  #shown: Shown | null = null;
  readonly #source = new CertificatesController(this, () => this.certificates !== null);

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override render(): TemplateResult {
    const certificates = this.certificates ?? this.#source.value;
    if (certificates === null) return this.#waiting();
    if (certificates.length === 0) {
      return html`<slot name="empty"><p class="empty">${msg('No certificates are known yet')}</p></slot>`;
    }
    return this.#panel(this.#linesOf(certificates));
  }

  /** The same lines as before where nothing that they show has changed: the feed tells of everything that runs. */
  #linesOf(certificates: readonly CertificateSummary[]): Shown {
    const { renewals, now } = this.#source;
    const news = [...renewals.values()].map(({ id, revision }) => `${id} ${revision}`).join();
    const state = `${news} ${Math.floor(now / minuteMs)}`;
    if (this.#shown?.certificates !== certificates || this.#shown.state !== state)
      this.#shown = { certificates, state, now, lines: linesOf(certificates, renewals, now) };
    return this.#shown;
  }

  #waiting(): TemplateResult {
    const { problem, connectionState } = this.#source;
    if (connectionState.phase === 'signed-out') return html`<div class="empty">${freshness(connectionState)}</div>`;
    if (problem && noAccess.includes(problem.status)) {
      return html`<p class="empty">${lamp('locked')} ${msg('No access')}</p>`;
    }
    if (!problem) return html`<p class="empty" role="status">${msg('Reading the certificates…')}</p>`;
    return html`<div class="notice" role="alert">
      ${lamp('failed')}
      <p>${problemSentence(problem)}</p>
      <p><button type="button" class="btn" @click=${() => void this.#source.reload()}>${msg('Try again')}</button></p>
    </div>`;
  }

  #panel({ lines, now }: Shown): TemplateResult {
    const axis = { now, days: this.days > 0 ? this.days : usualDays };
    const draw = (): TemplateResult =>
      this.asTable ? table(lines, now, this.#opening) : picture(lines, axis, this.freezes, this.#opening);
    const shown = guard([lines, axis.days, this.freezes, this.href, this.asTable, language()], draw);
    return html`<section class="panel" part="panel" aria-labelledby="title">
      <header>
        <h2 id="title">${msg('When certificates end')}</h2>
        ${this.asTable ? nothing : legend(this.freezes)}
      </header>
      ${this.#stale()}
      <div class="body-of">${shown}</div>
      <footer>
        <span class="grow" role="status">${inventoryWords(lines, axis.days, endOf(axis))}</span>
        <button type="button" class="link" @click=${() => (this.asTable = !this.asTable)}>
          ${this.asTable ? msg('Show the timeline') : msg('Show as a table')}
        </button>
      </footer>
    </section>`;
  }

  /** What is shown is from then: the server is away, or would not say. */
  #stale(): TemplateResult | typeof nothing {
    const { problem, isStale, connectionState } = this.#source;
    if (isStale) return freshness(connectionState);
    return problem ? html`<p class="stale">${lamp('stale')} ${problemSentence(problem)}</p>` : nothing;
  }

  readonly #opening: Opening = {
    hrefOf: (id) => (this.href ? this.href.replaceAll('{id}', String(id)) : null),
    open: (event, id) => {
      if (!send(this, 'signalbox-open', { connection: id }, true)) event.preventDefault();
    },
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-expiry': SignalboxExpiry;
  }
}
