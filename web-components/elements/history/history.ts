import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Operation } from '../../client/contract.js';
import { ClockController, OperationsController } from '../../controllers/index.js';
import { DefinitionsController } from '../definitions.js';
import { duration, when } from '../durations.js';
import { aspectOf, lamp } from '../lamp/lamp.js';
import { ranForMs } from '../progress/sentences.js';
import { problemSentence, staleSentence, subjectOf, titleOf, whoOf } from '../words.js';
import { details } from './details.js';
import { historyStyles } from './history.styles.js';

const hourMs = 3_600_000;

const statusWords: Record<Operation['status'], string> = {
  pending: 'waiting',
  in_progress: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/**
 * The operations of one connection, newest first. A row opens to what was found, the steps and the output.
 *
 * @element signalbox-history
 * @slot empty - Where nothing has run.
 * @csspart history - The list.
 * @csspart details - An open row's details.
 * @csspart output - A piece of output that a failure keeps.
 */
export class SignalboxHistory extends LitElement {
  static override styles = historyStyles;

  /** The connection's id. */
  @property({ type: Number }) connection = 0;
  /** How many rows at most. */
  @property({ type: Number }) limit = 20;

  @state() private opened: string | null = null;

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #clock = new ClockController(this);

  override render(): TemplateResult {
    const { operations, known, problem } = this.#operations.snapshot;
    if (problem) return html`<p class="empty">${problemSentence(problem)}</p>`;
    if (!known) return html`<p class="empty">Reading the history…</p>`;
    const now = this.#now;
    return html`${this.#stale()}
    ${
      operations.length === 0
        ? html`<slot name="empty"><p class="empty">Nothing has run here yet.</p></slot>`
        : html`<ol class="history" part="history">
            ${repeat(
              operations.slice(0, this.limit),
              ({ id }) => id,
              (operation) => this.#row(operation, now),
            )}
          </ol>`
    }`;
  }

  /** Old rows need no clock; those of the last hour say how long ago. */
  get #now(): number {
    const now = this.#clock.glance;
    const recent = this.#operations.operations.some(({ completedAt, updatedAt }) =>
      completedAt === null ? true : now - Date.parse(updatedAt) < hourMs,
    );
    return recent ? this.#clock.now : now;
  }

  #row(operation: Operation, now: number): TemplateResult {
    const definition = this.#definitions.of(operation.type);
    const open = this.opened === operation.id;
    const subject = subjectOf(operation);
    return html`<li>
      <button
        type="button"
        class="entry"
        aria-expanded=${open ? 'true' : 'false'}
        aria-controls=${open ? `details-${operation.id}` : nothing}
        @click=${() => (this.opened = open ? null : operation.id)}
      >
        ${lamp(aspectOf(operation), { percent: operation.progress, label: statusWords[operation.status] })}
        <span>
          <span class="what"
            >${titleOf(operation.type, definition)}${subject ? html`: <bdi class="subject">${subject}</bdi>` : nothing}</span
          >
          <span class="who">by ${whoOf(operation)}</span>
        </span>
        <span class="when">${this.#when(operation, now)}</span>
        ${operation.error && !open ? html`<span class="why"><bdi>${operation.error.message}</bdi></span>` : nothing}
      </button>
      ${open ? details(operation, definition, now) : nothing}
    </li>`;
  }

  #when(operation: Operation, now: number): string {
    const ran = ranForMs(operation);
    const at = when(operation.completedAt ?? operation.startedAt, now);
    return ran === null ? `${statusWords[operation.status]}, ${at}` : `${duration(ran)}, ${at}`;
  }

  #stale(): TemplateResult | typeof nothing {
    const { connectionState } = this.#operations;
    if (connectionState.phase !== 'reconnecting') return nothing;
    return html`<p class="stale empty">${lamp('stale')} ${staleSentence(connectionState)}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'signalbox-history': SignalboxHistory;
  }
}
