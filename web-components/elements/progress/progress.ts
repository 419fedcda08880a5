import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Operation, Problem, PublishedDefinition } from '../../client/contract.js';
import { ClockController, OperationsController } from '../../controllers/index.js';
import { msg, str, updateWhenLocaleChanges } from '../../localisation/door.js';
import { Announcer } from '../announcer.js';
import { ConnectionController } from '../connection-controller.js';
import { DefinitionsController } from '../definitions.js';
import { freshness } from '../freshness.js';
import { aspectOf, lamp } from '../lamp/lamp.js';
import { stepTrack } from '../steps/step-track.js';
import { problemSentence } from '../words.js';
import { failure } from './failure.js';
import type { LargeParts } from './large.js';
import { LargeForm } from './large-form.js';
import { progressStyles } from './progress.styles.js';
import { announcement, heading, valueText, verdict } from './sentences.js';

/**
 * What runs on a connection, live, and how it ended: a spinner, a bar or steps, as the type's definition says.
 *
 * @element signalbox-progress
 * @slot empty - Where nothing has run.
 * @csspart panel - The large form's panel.
 * @csspart bar - The rail.
 * @csspart status - The message.
 * @csspart error - The reason of a failure.
 * @csspart cancel - The cancel button.
 */
export class SignalboxProgress extends LitElement {
  static override styles = progressStyles;

  /** The connection's id. */
  @property({ type: Number }) connection = 0;
  /** One operation's id; without it the active one, else the last. */
  @property() operation = '';
  /** Only this operation type. */
  @property() type = '';
  /** A panel with every step, across where there is room. */
  @property({ type: Boolean }) large = false;

  @state() private refused: Problem | null = null;

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #about = new ConnectionController(this, () => this.connection);
  readonly #clock = new ClockController(this);
  readonly #large = new LargeForm(this);
  readonly #announcer = new Announcer(this);
  #told: string | null = null;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const isComplete = await super.getUpdateComplete();
    if (!this.large || !this.#large.coming) return isComplete;
    await this.#large.coming;
    return super.getUpdateComplete();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('connection') || changed.has('operation') || changed.has('type')) this.#forget();
    if (this.large) this.#large.want();
    if (!this.#operations.snapshot.known || !this.#definitions.all) return;
    this.#announce(this.#pick());
  }

  override render(): TemplateResult {
    return html`${this.#content()} ${this.#announcer.regions()}`;
  }

  #content(): TemplateResult | typeof nothing | null {
    const { known, problem } = this.#operations.snapshot;
    if (problem) return this.#framed(html`<p class="stale">${lamp('locked')} ${problemSentence(problem)}</p>`);
    const operation = this.#pick();
    if (operation) return this.#form(operation, this.#definitions.of(operation.type));
    return known || !(this.connection > 0) ? html`<slot name="empty"></slot>` : this.#unread();
  }

  /** Without a picture there is nothing to say but why. */
  #unread(): TemplateResult {
    const { phase } = this.#operations.connectionState;
    if (phase === 'reconnecting' || phase === 'signed-out') return this.#framed(this.#fresh);
    return this.#framed(html`<p class="sm soft">${msg('Reading what runs…')}</p>`);
  }

  #framed(content: TemplateResult | typeof nothing): TemplateResult {
    if (!this.large) return html`<div class="small">${content}</div>`;
    return html`<div class="panel" part="panel"><div class="body">${content}</div></div>`;
  }

  #pick(): Operation | null {
    const { operations } = this.#operations.snapshot;
    if (this.operation) return operations.find(({ id }) => id === this.operation) ?? null;
    return operations.find(({ type }) => !this.type || type === this.type) ?? null;
  }

  #form(operation: Operation, definition: PublishedDefinition | null): TemplateResult | null {
    if (!this.large || this.#large.isMissing) return this.#small(operation, definition);
    const parts: LargeParts = {
      ...{ operation, definition, now: this.#clock.now },
      bar: (drawn) => this.#bar(operation, definition, drawn),
      cancel: this.#cancel(operation),
      rest: [this.#message(operation), this.#fresh],
    };
    return this.#large.show(parts);
  }

  #small(operation: Operation, definition: PublishedDefinition | null): TemplateResult {
    const spinner = definition?.display === 'spinner';
    // What has ended says nothing that goes on.
    const now = operation.completedAt === null ? this.#clock.now : this.#clock.glance;
    return html`<div class="small">
      <div class="row">
        ${spinner ? lamp(operation.status === 'in_progress' ? 'turning' : aspectOf(operation)) : nothing}
        <span class="strong ${spinner ? '' : 'grow'}">${heading(operation, definition)}</span>
        <span class="soft" aria-hidden="true">${spinner ? nothing : verdict(operation, definition, now)}</span>
      </div>
      ${this.#bar(operation, definition, !spinner)} ${this.#message(operation)} ${failure(operation)} ${this.#fresh}
      ${this.#cancel(operation)}
    </div>`;
  }

  /** The rail where it is drawn, and in every form what a screen reader gets of it. */
  #bar(operation: Operation, definition: PublishedDefinition | null, drawn: boolean): TemplateResult {
    const measured = operation.status !== 'pending' && definition?.display !== 'spinner';
    return html`<div
      part="bar"
      class=${drawn ? '' : 'vh'}
      role="progressbar"
      aria-label=${heading(operation, definition)}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${measured ? Math.floor(operation.progress) : nothing}
      aria-valuetext=${valueText(operation, definition)}
    >
      ${drawn ? stepTrack(definition?.steps ?? [], operation) : nothing}
    </div>`;
  }

  #message({ completedAt, message, step }: Operation): TemplateResult | typeof nothing {
    if (completedAt !== null) return nothing;
    const text = message ?? step?.title ?? '';
    if (!text) return nothing;
    const place = this.large || !step ? '' : `${msg(str`Step ${step.index} of ${step.count}`)}: `;
    return html`<p class="sm message" part="status">${place}<bdi>${text}</bdi></p>`;
  }

  get #fresh(): TemplateResult | typeof nothing {
    return freshness(this.#operations.connectionState);
  }

  #cancel({ id, cancellable, completedAt }: Operation): TemplateResult | typeof nothing {
    if (this.refused) return html`<span class="sm soft">${problemSentence(this.refused)}</span>`;
    if (!cancellable || completedAt !== null || this.#about.looksOnly) return nothing;
    return html`<button type="button" class="btn quiet" part="cancel" @click=${() => void this.#stop(id)}>
      ${msg('Cancel')}
    </button>`;
  }

  async #stop(id: string): Promise<void> {
    try {
      await this.#operations.cancel(id);
    } catch (error) {
      this.refused = error as Problem;
      this.#announcer.say(problemSentence(this.refused));
    }
  }

  /** What is there when the page opens is not news, unless it runs. */
  #announce(operation: Operation | null): void {
    const state = operation ? `${operation.id} ${operation.status}` : '';
    const place = `${state} ${operation?.step?.key ?? ''}`;
    if (place === this.#told) return;
    const news = this.#told !== null || operation?.completedAt === null;
    this.#told = place;
    if (operation?.completedAt != null) this.refused = null;
    if (operation && news) this.#say(operation);
  }

  #say(operation: Operation): void {
    const words = announcement(operation, this.#definitions.of(operation.type));
    if (operation.status === 'failed') this.#announcer.alert(words);
    else this.#announcer.say(words);
  }

  #forget(): void {
    this.#told = null;
    this.#announcer.silence();
    this.refused = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-progress': SignalboxProgress;
  }
}
