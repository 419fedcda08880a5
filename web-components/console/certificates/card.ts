import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { CertificateSettings, CertificateView } from '../../../server/certificates/contract.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { Operation, Problem } from '../../client/contract.js';
import { ClockController, OperationsController } from '../../controllers/index.js';
import { customProperties } from '../../elements/custom-properties.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import type { PlatformChoice } from '../platform.js';
import { addressOf } from '../route.js';
import { checksTemplate, isCheckRun } from './checks.js';
import { questionDialog } from './question.js';
import { type Sight, sightsOf, sightTemplate, worstOf } from './served.js';
import { revocationText, type Stored, storedTemplate } from './stored.js';
import { nextSentence } from './words.js';

const renewal = 'certificate_renewal';
const refreshMs = 60_000;

/** A connection's certificate: what is served, what comes next, what was made; and what can be done about it. */
export class CertificateCard extends ConsoleElement {
  @property({ attribute: false }) connection: Connection | null = null;
  @property({ attribute: false }) platform: PlatformChoice | null = null;
  @state() private refused: Problem | null = null;
  @state() private said = '';
  @state() private looking = false;
  @state() private revoking: Stored | null = null;
  readonly #view = new Loaded<CertificateView>(
    this,
    () => (this.connection ? `/connections/${this.connection.id}/certificate` : null),
    refreshMs,
  );
  readonly #operations = new OperationsController(this, () => this.connection?.id ?? 0);
  readonly #clock = new ClockController(this);
  #ended: string | null = null;
  #settings: CertificateSettings | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { operations, known } = this.#operations.snapshot;
    if (known) this.#follow(operations.find(({ completedAt }) => completedAt !== null)?.id ?? '');
    if (changed.has('connection')) this.#compare(this.connection?.certificate ?? null);
  }

  override render(): TemplateResult | typeof nothing {
    const { value, problem } = this.#view;
    if (!this.connection) return nothing;
    const sights = sightsOf(value?.served ?? []);
    return html`<section class="panel clip" aria-labelledby="certificate">
        <header>
          <h2 id="certificate">Certificate</h2>
          ${value?.settings ? this.#verdict(sights) : nothing}
        </header>
        ${
          value
            ? this.#body(value, sights)
            : html`<p class="body sm soft">${problem ? problemSentence(problem) : 'Reading…'}</p>`
        }
        <p class="sm aside" role="status">${this.said}</p>
        <div role="alert">
          ${this.refused ? html`<p class="notice">${lamp('failed')}<span>${problemSentence(this.refused)}</span></p>` : nothing}
        </div>
      </section>
      ${this.#dialog()}`;
  }

  get #now(): number {
    return this.#clock.glance;
  }

  get #role(): Connection['role'] | undefined {
    return this.connection?.role;
  }

  #verdict(sights: readonly Sight[]): TemplateResult | typeof nothing {
    const [aspect, word] = worstOf(sights, this.#now) ?? [];
    if (!aspect || !word) return nothing;
    const colour = { failed: 't-stop', due: 't-caution' }[aspect as string] ?? 'soft';
    return html`<span class="end row sm ${colour}">${lamp(aspect)} ${word}</span>`;
  }

  #body(view: CertificateView, sights: readonly Sight[]): TemplateResult {
    if (!view.settings) return this.#empty(view);
    const { settings, next, stored } = view;
    const parts = {
      keyBy: this.platform?.certificate?.keyBy ?? 'signalbox',
      runsAt: next?.automatic ? (next.runsAt ?? null) : null,
      now: this.#now,
    };
    return html`<div class="body stack">
      ${
        sights.length > 0
          ? sights.map((sight) => sightTemplate(sight, parts))
          : html`<p class="soft">Nobody has looked at what is served here yet.</p>`
      }
      <p class="sm soft">${nextSentence(next, settings.renewal, this.#now)}</p>
      ${this.#actions()} ${this.#checks()} ${this.#stored(stored)}
    </div>`;
  }

  #empty({ stored }: CertificateView): TemplateResult {
    return html`<div class="body stack">
      <p class="soft">No certificate is wanted here.</p>
      ${this.#role === 'admin' ? html`<div>${this.#settingsLink('Set up…')}</div>` : nothing} ${this.#stored(stored)}
    </div>`;
  }

  #settingsLink(text: string): TemplateResult | typeof nothing {
    if (!this.connection) return nothing;
    return html`<a class="btn" href="${addressOf(this.connection)}/certificate">${text}</a>`;
  }

  #actions(): TemplateResult {
    const running = this.#operations.active(renewal);
    const starts = this.#role === 'viewer' ? nothing : this.#others(running);
    return html`<div class="row do">
      ${
        running && isCheckRun(running)
          ? this.#checking(running)
          : html`<signalbox-button
              .connection=${this.connection?.id ?? 0}
              type=${renewal}
              .params=${{ preflight: false }}
            ></signalbox-button>`
      }
      ${starts} ${this.#role === 'admin' ? this.#settingsLink('Settings') : nothing}
    </div>`;
  }

  /** A check is the same type; the renewal's own busy words would be wrong for it. */
  #checking({ progress }: Operation): TemplateResult {
    return html`<button
      type="button"
      class="btn busy"
      aria-disabled="true"
      ${customProperties({ '--p': `${progress}%` })}
    >
      ${lamp(progress > 0 ? 'running' : 'turning', { percent: progress })} Checking…
      <span class="rem">(${Math.floor(progress)} %)</span>
    </button>`;
  }

  #others(running: Operation | null): TemplateResult {
    return html`${
        running
          ? nothing
          : html`<button type="button" class="btn" name="check" @click=${() => void this.#check()}>Check first</button>`
      }
      <button
        type="button"
        class="btn"
        name="look"
        aria-disabled=${this.looking ? 'true' : nothing}
        @click=${() => void this.#look()}
      >
        ${this.looking ? 'Looking…' : 'Look now'}
      </button>`;
  }

  /** The last check, until a renewal has begun after it. */
  #checks(): TemplateResult | typeof nothing {
    const last = this.#operations.latest(renewal);
    return last && isCheckRun(last) ? checksTemplate(last, this.#now) : nothing;
  }

  #stored(stored: readonly Stored[]): TemplateResult | typeof nothing {
    return storedTemplate(stored, this.#role === 'admin' ? (one) => void this.#ask(one) : null);
  }

  #dialog(): TemplateResult {
    return questionDialog({
      ...{ id: 'revoke', title: 'Revoke this certificate?', yes: 'Revoke', no: 'Keep it' },
      text: revocationText(this.revoking),
      agreed: (form) => void this.#revoke(String(new FormData(form).get('reason'))),
    });
  }

  async #ask(certificate: Stored): Promise<void> {
    this.revoking = certificate;
    await this.updateComplete;
    this.querySelector('dialog')?.showModal();
  }

  /** What an operation did may be seen in what is served; what ended before the page looked is in the first answer. */
  #follow(ended: string): void {
    const before = this.#ended;
    this.#ended = ended;
    if (before !== null && before !== ended) void this.#view.reload();
  }

  #compare(settings: CertificateSettings | null): void {
    const changed = JSON.stringify(settings) !== JSON.stringify(this.#settings);
    this.#settings = settings;
    if (changed && this.#view.value) void this.#view.reload();
  }

  #check(): Promise<void> {
    return this.#send(async () => {
      await this.#operations.start(renewal, { preflight: true });
      this.said = 'The check has begun.';
    });
  }

  async #look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    await this.#send(async () => {
      await this.#view.client?.request('POST', this.#path('look'));
      await this.#view.reload();
      this.said = 'Looked just now.';
    });
    this.looking = false;
  }

  #revoke(reason: string): Promise<void> {
    return this.#send(async () => {
      const body = { certificateId: this.revoking?.id, reason };
      await this.#view.client?.request('POST', this.#path('revoke'), body);
      await this.#view.reload();
      this.said = 'The CA has revoked it.';
    });
  }

  #path(what: string): string {
    return `/connections/${this.connection?.id ?? 0}/certificate/${what}`;
  }

  async #send(work: () => Promise<void>): Promise<void> {
    this.refused = null;
    this.said = '';
    try {
      await work();
    } catch (error) {
      this.refused = error as Problem;
    }
  }
}
