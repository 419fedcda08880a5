import {
  html,
  LitElement,
  noChange,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { Operation, Problem, PublishedDefinition } from '../../client/contract.js';
import { ClockController } from '../../controllers/clock-controller.js';
import { OperationsController } from '../../controllers/operations-controller.js';
import { msg, updateWhenLocaleChanges } from '../../localisation/first-door.js';
import { Announcer } from '../announcer.js';
import { ConnectionController } from '../connection-controller.js';
import { DefinitionsController } from '../definitions.js';
import { reconnecting, refusal, sentences, signedOut, titleOf } from '../first-words.js';
import { LaterPart } from '../later-part.js';
import { loadSecond } from '../load-second.js';
import { staleLine } from '../stale-line.js';
import type { Run } from './form.js';
import { progressStyles } from './progress.styles.js';

const loadLarge = () => import('./large.js');

/** A run in the server's own words, where the form could not be loaded. */
function plain({ type, error, completedAt, message, progress }: Operation): TemplateResult {
  const said = error?.message ?? (completedAt === null ? (message ?? `${Math.floor(progress)} %`) : msg('Done'));
  return html`<p>${sentences(`${titleOf(type, null)}:`, said, error?.hint)}</p>`;
}

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
  static override properties: PropertyDeclarations = {
    connection: { type: Number },
    operation: {},
    type: {},
    large: { type: Boolean },
    refused: { state: true },
  };
  static override styles = progressStyles;

  /** The connection's id. */
  connection = 0;
  /** One operation's id; without it the active one, else the last. */
  operation = '';
  /** Only this operation type. */
  type = '';
  /** A panel with every step, across where there is room. */
  large = false;

  private refused: Problem | null = null;

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #about = new ConnectionController(this, () => this.connection);
  readonly #clock = new ClockController(this);
  readonly #large = new LaterPart(this, loadLarge);
  readonly #second = new LaterPart(this, loadSecond);
  readonly #announcer = new Announcer(this);
  #told: string | null = null;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    return this.#second.complete(() => this.#large.complete(() => super.getUpdateComplete()));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('connection') || changed.has('operation') || changed.has('type')) this.#forget();
    // Beside the data, and not after it.
    this.#second.want();
    if (this.large) this.#large.want();
    if (!this.#operations.snapshot.known || !this.#definitions.all) return;
    this.#announce(this.#pick());
  }

  override render(): TemplateResult {
    return html`${this.#content()} ${this.#announcer.regions()}`;
  }

  #content(): TemplateResult | typeof noChange {
    const { known, problem } = this.#operations.snapshot;
    if (problem) return this.#framed(this.#line('locked', refusal(problem, this.#second.want())));
    const operation = this.#pick();
    if (operation) return this.#form(operation, this.#definitions.of(operation.type));
    return known || !(this.connection > 0) ? html`<slot name="empty"></slot>` : this.#unread();
  }

  /** Without a picture there is nothing to say but why. */
  #unread(): TemplateResult {
    const state = this.#operations.connectionState;
    if (state.phase === 'reconnecting')
      return this.#framed(this.#line('stale', reconnecting(state, this.#second.want())));
    if (state.phase === 'signed-out') return this.#framed(this.#line('locked', signedOut()));
    return this.#framed(html`<p class="sm soft">${msg('Reading what runs…')}</p>`);
  }

  #line(aspect: 'stale' | 'locked', words: string): TemplateResult {
    return staleLine(this.#second.want()?.lamp(aspect) ?? nothing, words);
  }

  #framed(content: TemplateResult): TemplateResult {
    if (!this.large) return html`<div class="small">${content}</div>`;
    return html`<div class="panel" part="panel"><div class="body">${content}</div></div>`;
  }

  #pick(): Operation | null {
    const { operations } = this.#operations.snapshot;
    if (this.operation) return operations.find(({ id }) => id === this.operation) ?? null;
    return operations.find(({ type }) => !this.type || type === this.type) ?? null;
  }

  /** What is drawn stays until the form has come. */
  #form(operation: Operation, definition: PublishedDefinition | null): TemplateResult | typeof noChange {
    const run: Run = {
      ...{ operation, definition, clock: this.#clock, state: this.#operations.connectionState },
      ...{ isLarge: this.large, refused: this.refused, cancel: this.#about.looksOnly ? null : this.#cancel },
    };
    const large = this.large && this.#large.want();
    if (large) return large.panel(run);
    if (this.large && this.#large.isAwaited) return noChange;
    const second = this.#second.want();
    if (second) return second.small(run);
    return this.#second.isAwaited ? noChange : this.#framed(plain(operation));
  }

  readonly #cancel = (id: string): void => void this.#stop(id);

  async #stop(id: string): Promise<void> {
    try {
      await this.#operations.cancel(id);
    } catch (error) {
      this.refused = error as Problem;
      this.#announcer.say(refusal(this.refused, this.#second.want()));
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
    if (operation && news) void this.#say(operation);
  }

  async #say(operation: Operation): Promise<void> {
    const second = await this.#second.wait();
    if (!second) return;
    const words = second.announcement(operation, this.#definitions.of(operation.type));
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
