import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Operation } from '../../client/contract.js';
import { DefinitionsController } from '../../elements/definitions.js';
import { titleOf } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import type { Asked, EndNotices } from '../end-notices.js';
import { addressOfOperation } from '../route.js';

/** What is over sooner is over before one has looked elsewhere. */
const WORTH_A_NOTICE_MS = 30_000;

const answers: Record<Exclude<Asked, 'on'>, string> = {
  refused: 'The browser does not allow notifications from this page. You can allow them beside its address.',
  missing: 'This browser has no notifications. Keep the page open instead.',
};

const endings: Partial<Record<Operation['status'], string>> = { failed: 'failed', cancelled: 'was cancelled' };

/** What can be done about one operation beside cancelling it: its link, and a word when it ends. */
export class OperationActions extends ConsoleElement {
  @property({ attribute: false }) operation: Operation | null = null;
  @property({ attribute: false }) notices: EndNotices | null = null;
  /** The connection's name, for the notification. */
  @property() name = '';
  @state() private said = '';
  readonly #definitions = new DefinitionsController(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('operation');
    if (before && before.id !== this.operation?.id) this.said = '';
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.operation) return nothing;
    const link = new URL(addressOfOperation(this.operation), location.href).href;
    return html`<div class="row">
        ${this.#notify(this.operation)}
        <console-copy .text=${link} .label=${'Copy link'}></console-copy>
      </div>
      <p class="sm soft" role="status">${this.said}</p>`;
  }

  #notify(operation: Operation): TemplateResult | typeof nothing {
    const { completedAt, estimatedDuration } = operation;
    if (!this.notices || completedAt !== null || estimatedDuration < WORTH_A_NOTICE_MS) return nothing;
    const wanted = this.notices.has(operation);
    return html`<button
      type="button"
      class="btn quiet"
      name="notify"
      aria-pressed=${wanted ? 'true' : 'false'}
      @click=${() => void (wanted ? this.#drop(operation) : this.#want(operation))}
    >
      Notify me when it ends
    </button>`;
  }

  #drop(operation: Operation): void {
    this.notices?.drop(operation);
    this.said = '';
    this.requestUpdate();
  }

  async #want(operation: Operation): Promise<void> {
    const what = titleOf(operation.type, this.#definitions.of(operation.type));
    const title = ({ status }: Operation): string => `${what} ${endings[status] ?? 'completed'} on ${this.name}`;
    const asked = await this.notices?.want(operation, title);
    this.said = asked && asked !== 'on' ? answers[asked] : 'You are told when it ends, while this tab stays open.';
    this.requestUpdate();
  }
}
