import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Operation } from '../../client/contract.js';
import { OperationsController } from '../../controllers/index.js';
import { DefinitionsController } from '../../elements/definitions.js';
import { ConsoleElement } from '../console-element.js';
import type { EndNotices } from '../end-notices.js';
import { Loaded } from '../loaded.js';
import { reading } from '../reading.js';
import { addressOf } from '../route.js';
import { earlierPanel } from './earlier.js';

/** The panel of one operation and its output: the one that the address names, else what runs, else what ran last. */
export class LiveOperation extends ConsoleElement {
  @property({ attribute: false }) connection = 0;
  /** The operation that the address names. */
  @property() operation = '';
  /** The connection's name. */
  @property() name = '';
  @property({ attribute: false }) notices: EndNotices | null = null;

  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  /** One that is too old for the list of the newest. */
  readonly #earlier = new Loaded<Operation>(this, () => this.#earlierPath());

  #earlierPath(): string | null {
    const { known, operations } = this.#operations.snapshot;
    if (!this.operation || !known || operations.some(({ id }) => id === this.operation)) return null;
    return `/connections/${this.connection}/operations/${encodeURIComponent(this.operation)}`;
  }

  override render(): TemplateResult | typeof nothing {
    const { known, operations } = this.#operations.snapshot;
    const wanted = this.operation ? operations.find(({ id }) => id === this.operation) : operations[0];
    const shown = wanted ?? (this.operation ? this.#earlier.value : null);
    if (shown) return html`${this.#panel(shown)} ${this.#about(shown)} ${this.#output(shown)}`;
    return this.operation && known ? this.#lost() : nothing;
  }

  #panel(shown: Operation): TemplateResult {
    if (this.operation && shown === this.#earlier.value) return earlierPanel(shown, this.#definitions.of(shown.type));
    return html`<signalbox-progress
      large
      .connection=${this.connection}
      .operation=${this.operation}
    ></signalbox-progress>`;
  }

  #about(shown: Operation): TemplateResult {
    return html`<div class="row operation-about">
      ${this.#other(shown)}
      <console-operation-actions
        .operation=${shown}
        .notices=${this.notices}
        .name=${this.name}
      ></console-operation-actions>
    </div>`;
  }

  /** Who came by a link to one operation is told of what goes on beside it. */
  #other(shown: Operation): TemplateResult | typeof nothing {
    const newest = this.#operations.snapshot.operations[0];
    if (!this.operation || !newest || newest.id === shown.id) return nothing;
    const running = newest.completedAt === null;
    return html`<p class="sm soft">
      This is an earlier operation.
      <a href=${addressOf({ id: this.connection })}>${running ? 'Show what runs now' : 'Show the last one'}</a>
    </p>`;
  }

  #lost(): TemplateResult {
    const { problem } = this.#earlier;
    if (problem?.status !== 404) return reading(this.#earlier, 'Reading the operation…');
    return html`<section class="panel body stack">
      <p>This operation is not there any more. The history below holds the newest.</p>
      <p><a class="btn" href=${addressOf({ id: this.connection })}>Show the last one</a></p>
    </section>`;
  }

  #output(shown: Operation): TemplateResult {
    return html`<section class="panel clip" aria-labelledby="output">
      <signalbox-log .connection=${this.connection} .operation=${shown.id}>
        <h2 slot="label" id="output">Device output</h2>
      </signalbox-log>
    </section>`;
  }
}
