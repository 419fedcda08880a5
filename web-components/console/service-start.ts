import { html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { JsonObject } from '../../server/operations/contract.js';
import type { PublishedDefinition } from '../client/contract.js';
import { OperationsController } from '../controllers/index.js';
import { ConsoleElement } from './console-element.js';

/** Whether a start of this type may name one of the connection's services. */
export function takesService({ params }: PublishedDefinition): boolean {
  const properties = params['properties'] as JsonObject | undefined;
  const service = properties?.['service'] as JsonObject | undefined;
  return service?.['type'] === 'string';
}

/** A start button with the services beside it that it can be pressed for; the default one is chosen at first. */
export class ServiceStart extends ConsoleElement {
  @property({ attribute: false }) connection = 0;
  @property({ attribute: false }) definition: PublishedDefinition | null = null;
  /** The default one first. */
  @property({ attribute: false }) services: readonly string[] = [];
  @property({ attribute: false }) primary = false;
  @state() private chosen = '';
  readonly #operations = new OperationsController(this, () => this.connection);

  override render(): TemplateResult {
    const { definition, services } = this;
    const running = this.#running;
    const service = running ?? (services.includes(this.chosen) ? this.chosen : (services[0] ?? ''));
    const id = `service-${definition?.type ?? ''}`;
    return html`<label class="vh" for=${id}>Service of ${definition?.title ?? ''}</label>
      <select id=${id} .disabled=${running !== null} @change=${this.#choose}>
        ${[...new Set([...services, service])].map(
          (one) => html`<option value=${one} .selected=${one === service}>${one}</option>`,
        )}
      </select>
      <signalbox-button
        .connection=${this.connection}
        type=${definition?.type ?? ''}
        .params=${{ service }}
        .primary=${this.primary}
      ></signalbox-button>`;
  }

  /** The service that is at it now: the busy button speaks of that one, whatever was chosen. */
  get #running(): string | null {
    const service = this.#operations.active(this.definition?.type ?? '')?.params['service'];
    return typeof service === 'string' ? service : null;
  }

  readonly #choose = (event: Event): void => {
    this.chosen = (event.target as HTMLSelectElement).value;
  };
}
