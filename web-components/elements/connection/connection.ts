import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { ClockController, OperationsController } from '../../controllers/index.js';
import { msg, str, updateWhenLocaleChanges } from '../../localisation/door.js';
import { ConnectionController } from '../connection-controller.js';
import { DefinitionsController } from '../definitions.js';
import { freshness, isStale } from '../freshness.js';
import { lamp } from '../lamp/lamp.js';
import { stationsOf } from '../steps/stations.js';
import { stepTrack } from '../steps/step-track.js';
import { lookOnly, problemSentence } from '../words.js';
import { actionsOf } from './actions.js';
import { CertificateController } from './certificate-controller.js';
import { isDue, leftSentence, renewalType, renewalWords } from './certificate-end.js';
import { connectionStyles } from './connection.styles.js';
import { lastRuns } from './runs.js';
import { aspectOfStanding, latestOfTypes, type Standing, standingOf } from './standing.js';
import { stateWords, valueWords } from './state-words.js';

const hourMs = 3_600_000;

/**
 * One connection as a card: how it stands, what runs, what ran, when its certificate ends, and buttons for what may be started.
 *
 * @element signalbox-connection
 * @slot label - The name, instead of the connection's own.
 * @slot icon - The picture before the name, instead of the lamp: the state's words stay.
 * @slot - More, above the buttons.
 * @slot empty - Where nothing has run yet.
 * @slot error - Where the connection may not be seen, instead of the sentence.
 * @fires signalbox-before-start - Cancelable; of the buttons, as all that follow.
 * @fires signalbox-start - An operation began, whoever started it.
 * @fires signalbox-update - It moved on.
 * @fires signalbox-complete - It completed.
 * @fires signalbox-error - It failed or was cancelled.
 * @csspart panel - The card.
 * @csspart name - The name.
 * @csspart status - The state in words.
 * @csspart bar - The rail while something runs.
 * @csspart failure - Why the last run failed.
 * @csspart history - The last operations.
 * @csspart button - Each button.
 * @csspart note - The sentence beneath a button.
 * @csspart dialog - The question before a start.
 */
export class SignalboxConnection extends LitElement {
  static override properties: PropertyDeclarations = {
    connection: { type: Number },
    actions: {},
    recent: { type: Number },
  };
  static override styles = connectionStyles;

  /** The connection's id. */
  connection = 0;
  /** The operation types that get a button, in their order; without it all that make sense there. “none”: no button. */
  actions = '';
  /** How many of the last operations are shown. */
  recent = 3;

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #about = new ConnectionController(this, () => this.connection);
  readonly #certificate = new CertificateController(
    this,
    () => (this.#about.value?.certificate ? this.connection : 0),
    () => this.#operations.latest(renewalType),
  );
  readonly #clock = new ClockController(this);

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override render(): TemplateResult {
    const { known, problem, operations } = this.#operations.snapshot;
    if (problem?.status === 404 || problem?.status === 403) return this.#locked();
    if (problem) return this.#waiting(problemSentence(problem));
    const isAway = this.#isStale || this.#operations.connectionState.phase === 'signed-out';
    if (!known || (!this.#about.value && operations.length === 0 && isAway)) {
      return this.#waiting(isAway ? null : msg('Reading the connection…'));
    }
    const latest = latestOfTypes(operations);
    const now = this.#now(latest);
    const standing = standingOf(latest, this.#certificate.end, now);
    return this.#card(
      html`${this.#title(standing, now)} ${this.#rail(standing.now, now)} ${this.#failure(standing)} ${this.#fresh}
        ${this.#facts(now)} ${this.#runs(now)}
        <slot></slot>
        ${this.#buttons()}`,
    );
  }

  get #fresh(): TemplateResult | typeof nothing {
    return freshness(this.#operations.connectionState);
  }

  get #isStale(): boolean {
    return isStale(this.#operations.connectionState);
  }

  /** Old operations need no clock; those of the last hour say how long ago. */
  #now(latest: readonly Operation[]): number {
    const now = this.#clock.glance;
    const isRecent = latest.some(({ completedAt }) => completedAt === null || now - Date.parse(completedAt) < hourMs);
    return isRecent ? this.#clock.now : now;
  }

  #definition = (type: string): PublishedDefinition | null => this.#definitions.of(type);

  #card(content: TemplateResult): TemplateResult {
    return html`<section class="panel" part="panel" aria-labelledby="name">
      <div class="body stack">${content}</div>
    </section>`;
  }

  #title(standing: Standing, now: number): TemplateResult {
    const connection = this.#about.value;
    const aspect = aspectOfStanding(standing, this.#isStale);
    const definition = standing.now && this.#definition(standing.now.type);
    return html`<div class="title">
      <slot name="icon">${lamp(aspect, { percent: standing.now?.progress ?? 0 })}</slot>
      <div class="grow">
        <h2 id="name" part="name">
          <slot name="label"><bdi>${connection?.name ?? msg(str`Connection ${this.connection}`)}</bdi></slot>
          ${connection ? html`<bdi class="host mono muted sm">${connection.hostname}</bdi>` : nothing}
        </h2>
        <p class="state sm soft" part="status">${stateWords(standing, definition, now)}</p>
      </div>
    </div>`;
  }

  #rail(operation: Operation | null, now: number): TemplateResult | typeof nothing {
    if (operation?.completedAt !== null) return nothing;
    const definition = this.#definition(operation.type);
    const isMeasured = operation.status !== 'pending' && definition?.display !== 'spinner';
    return html`<div
      part="bar"
      class=${definition?.display === 'spinner' ? 'vh' : ''}
      role="progressbar"
      aria-label=${definition?.title ?? operation.type}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${isMeasured ? Math.floor(operation.progress) : nothing}
      aria-valuetext=${valueWords(operation, definition)}
    >
      ${stepTrack(stationsOf(operation, definition, now), operation)}
    </div>`;
  }

  #failure({ group, now }: Standing): TemplateResult | typeof nothing {
    if (group !== 'needs' || !now?.error) return nothing;
    const { message, hint, code } = now.error;
    return html`<div class="notice" part="failure">
      ${lamp('failed')}
      <p class="strong"><bdi>${message}</bdi></p>
      ${hint ? html`<p>${hint}</p>` : nothing}
      <p class="sm mono muted">${code}</p>
    </div>`;
  }

  #facts(now: number): TemplateResult | typeof nothing {
    const { end } = this.#certificate;
    if (!end) return nothing;
    const due = isDue(end, now);
    const sentence = `${leftSentence(end, now)}, ${renewalWords(end)}`;
    return html`<dl class="facts sm">
      <dt>${msg('Certificate')}</dt>
      <dd class=${due ? 't-caution' : ''}>${due ? lamp('due') : nothing}${due ? ' ' : nothing}${sentence}</dd>
    </dl>`;
  }

  #runs(now: number): TemplateResult | typeof nothing {
    const ended = this.#operations.operations.filter(({ completedAt }) => completedAt !== null);
    if (this.#operations.operations.length === 0) {
      return html`<slot name="empty"><p class="sm muted">${msg('Nothing has run here yet.')}</p></slot>`;
    }
    return lastRuns(ended.slice(0, Math.max(0, this.recent)), this.#definition, now);
  }

  #buttons(): TemplateResult | typeof nothing {
    if (this.actions.trim() === 'none') return nothing;
    const connection = this.#about.value;
    if (connection?.role === 'viewer') return html`<p class="sm muted">${lamp('locked')} ${lookOnly()}</p>`;
    const types = actionsOf(this.actions, this.#definitions.all ?? [], connection);
    return html`<div class="buttons">
      ${types.map(
        (type) =>
          html`<signalbox-button
            .connection=${this.connection}
            type=${type}
            exportparts="button, note, dialog"
          ></signalbox-button>`,
      )}
    </div>`;
  }

  /** What the server does not tell a stranger: whether there is such a connection. */
  #locked(): TemplateResult {
    return this.#card(
      html`<div class="title">
        ${lamp('locked')}
        <div class="grow">
          <h2 id="name" part="name"><slot name="label">${msg('No access')}</slot></h2>
          <slot name="error">
            <p class="sm soft">${msg('This connection is not there, or not shared with you.')}</p>
          </slot>
        </div>
      </div>`,
    );
  }

  #waiting(words: string | null): TemplateResult {
    return html`<section class="panel" part="panel" aria-busy=${words ? 'true' : 'false'}>
      <div class="body stack waiting">${words ? html`<p class="soft" role="status">${words}</p>` : this.#fresh}</div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-connection': SignalboxConnection;
  }
}
