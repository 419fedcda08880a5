import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import type { Operation, Problem } from '../../client/contract.js';
import { ClockController } from '../../controllers/index.js';
import { DefinitionsController } from '../../elements/definitions.js';
import { CertificatesController } from '../../elements/expiry/certificates-controller.js';
import { type ExpiryLine, linesOf, needsSomebody } from '../../elements/expiry/line.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { addressOf } from '../route.js';
import type { User } from '../session/session.js';
import { comingPanel, needingPanel } from './rows.js';
import { runningPanel } from './running.js';
import { stoppedPanel } from './stopped.js';
import { inventoryOf, matches, verdictOf } from './words.js';

const renewalType = 'certificate_renewal';
/** The next ones; all of them on demand. */
const soon = 6;
/** More than so many panels with all their steps hide what comes below them. */
const fewPanels = 2;

/** All renewals on one page; its heading is the verdict. */
export class RenewalsPage extends ConsoleElement {
  @property({ attribute: false }) user: User | null = null;
  @state() private filter = '';
  @state() private showsAll = false;
  @state() private refused: ReadonlyMap<string, string> = new Map();

  readonly #source = new CertificatesController(this);
  readonly #definitions = new DefinitionsController(this);
  readonly #clock = new ClockController(this);
  #shown: readonly CertificateSummary[] = [];

  override render(): TemplateResult {
    const { value, renewals } = this.#source;
    if (!value) return this.#reading();
    const lines = linesOf(value, renewals, this.#source.now);
    const runs = lines.some(({ standing }) => standing === 'renewing');
    // While something runs, its steps count the seconds.
    const now = runs && !this.#source.isStale ? this.#clock.now : this.#source.now;
    return html`${this.#head(lines, now)} ${lines.length > 0 ? this.#body(lines, now) : this.#empty()}`;
  }

  #reading(): TemplateResult {
    const { problem } = this.#source;
    if (!problem) return html`<p class="soft" role="status">Reading the certificates…</p>`;
    return html`<div class="notice" role="alert">
      ${lamp('failed')}
      <p>${problemSentence(problem)}</p>
      <p><button type="button" class="btn" @click=${() => void this.#source.reload()}>Try again</button></p>
    </div>`;
  }

  #head(lines: readonly ExpiryLine[], now: number): TemplateResult {
    return html`<div class="head">
      <div>
        <p class="crumb">${lines.length > 0 ? inventoryOf(lines) : 'Renewals'}</p>
        <h1 aria-live="polite">${verdictOf(lines, now)}</h1>
      </div>
      ${
        lines.length > 1
          ? html`<search class="do">
              <input
                type="search"
                name="filter"
                aria-label="Filter by name, issuer or state"
                placeholder="Filter"
                .value=${this.filter}
                @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value.trim())}
              />
            </search>`
          : nothing
      }
    </div>`;
  }

  #body(all: readonly ExpiryLine[], now: number): TemplateResult {
    const lines = all.filter((line) => matches(line, this.filter));
    if (lines.length === 0) return this.#none(all.length);
    const failed = lines.filter(({ standing }) => standing === 'failed');
    const others = lines.filter((line) => needsSomebody(line) && line.standing !== 'failed');
    const coming = lines
      .filter(({ plannedAt, standing }) => plannedAt !== null && standing !== 'renewing')
      .sort((a, b) => (a.plannedAt ?? 0) - (b.plannedAt ?? 0));
    return html`<div class="stack">
      ${this.#problem()}
      <div class="pairs">
        <div class="stack">
          ${failed.map((line) => this.#stopped(line, failed.length, now))} ${needingPanel(others, now)}
        </div>
        <div class="stack">
          ${lines.flatMap((line) => this.#running(line, now) ?? [])}
          ${comingPanel({
            ...{ lines: coming, now, most: this.showsAll ? Infinity : soon },
            showAll: () => (this.showsAll = true),
          })}
        </div>
      </div>
      <signalbox-expiry
        href=${addressOf({ id: 0 }).replace('0', '{id}')}
        .certificates=${this.#pictured(lines)}
      ></signalbox-expiry>
    </div>`;
  }

  /** The same list as before where it holds the same: the picture is not drawn anew each second. */
  #pictured(lines: readonly ExpiryLine[]): readonly CertificateSummary[] {
    const now = lines.map(({ certificate }) => certificate);
    const same = now.length === this.#shown.length && now.every((one, index) => one === this.#shown[index]);
    if (!same) this.#shown = now;
    return this.#shown;
  }

  #stopped(line: ExpiryLine, count: number, now: number): TemplateResult {
    return stoppedPanel({
      ...{ line, now, open: count <= fewPanels, definition: this.#definitions.of(renewalType) },
      refused: this.refused.get(line.renewal?.id ?? '') ?? null,
      retry: (operation) => void this.#retry(operation),
    });
  }

  #running(line: ExpiryLine, now: number): TemplateResult | null {
    const { standing, renewal: operation } = line;
    if (standing !== 'renewing' || !operation) return null;
    const definition = this.#definitions.of(renewalType);
    return runningPanel({ line, operation, now, definition, open: true });
  }

  /** The last answer did not come; what is shown is from before. */
  #problem(): TemplateResult | typeof nothing {
    const { problem } = this.#source;
    if (!problem) return nothing;
    return html`<p class="notice caution">${lamp('stale')}<span>${problemSentence(problem)}</span></p>`;
  }

  async #retry({ connectionId, id }: Operation): Promise<void> {
    const refused = new Map(this.refused);
    refused.delete(id);
    try {
      await this.#source.client?.retry(connectionId, id);
    } catch (error) {
      refused.set(id, problemSentence(error as Problem));
    }
    this.refused = refused;
  }

  #none(count: number): TemplateResult {
    return html`<section class="panel first">
      <p>None of ${count} match</p>
      <p><button type="button" class="btn" @click=${() => (this.filter = '')}>Clear filter</button></p>
    </section>`;
  }

  #empty(): TemplateResult {
    return html`<section class="panel first">
      <span class="track" aria-hidden="true"></span>
      <p class="soft">
        Signalbox looks at the certificates of the connections that have some, and renews those that are set up for it.
        ${this.user?.role === 'admin' ? 'Open a connection and set up its certificate.' : nothing}
      </p>
      <p><a class="btn" href="#/">Fleet</a></p>
    </section>`;
  }
}
