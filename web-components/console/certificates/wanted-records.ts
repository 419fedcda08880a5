import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Operation } from '../../client/contract.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { ConsoleElement } from '../console-element.js';

interface WantedRecord {
  name: string;
  type: string;
  value: string;
}

function isRecord(item: unknown): item is WantedRecord {
  const { name, type, value } = (item ?? {}) as Partial<Record<string, unknown>>;
  return [name, type, value].every((part) => typeof part === 'string');
}

/** What an operation wants a person to set in the DNS; it sees by itself when they stand there. */
export class WantedRecords extends ConsoleElement {
  @property({ attribute: false }) operation: Operation | null = null;
  @state() private said = '';

  override render(): TemplateResult | typeof nothing {
    const records: unknown = this.operation?.result?.['records'];
    const wanted = Array.isArray(records) ? (records as unknown[]).filter(isRecord) : [];
    if (wanted.length === 0) return nothing;
    const one = wanted.length === 1;
    return html`<section class="panel clip" aria-labelledby="wanted-records">
      <header>
        ${lamp('due')}
        <h2 id="wanted-records">${one ? 'A DNS record is wanted' : `${wanted.length} DNS records are wanted`}</h2>
      </header>
      <div class="body stack">
        <p class="soft">
          Set ${one ? 'it' : 'them'} where the zone is kept. The renewal looks by itself and goes on as soon as every
          name server shows ${one ? 'it' : 'them'}.
        </p>
        ${wanted.map((record) => this.#record(record))}
        <p class="sm soft" role="status">${this.said}</p>
      </div>
    </section>`;
  }

  #record({ name, type, value }: WantedRecord): TemplateResult {
    return html`<dl class="facts sm wanted">
      <dt>Name</dt>
      <dd class="flow">${this.#copied('name', name)}</dd>
      <dt>Type</dt>
      <dd class="mono">${type}</dd>
      <dt>Value</dt>
      <dd class="flow">${this.#copied('value', value)}</dd>
    </dl>`;
  }

  #copied(what: string, text: string): TemplateResult {
    return html`<span class="mono print">${text}</span>
      <button type="button" class="btn quiet" @click=${() => void this.#copy(what, text)}>
        <span>Copy<span class="vh"> the ${what} ${text}</span></span>
      </button>`;
  }

  /** A page that was not loaded over TLS has no clipboard; the text can still be selected whole by one click. */
  async #copy(what: string, text: string): Promise<void> {
    const clipboard = navigator.clipboard as Clipboard | undefined;
    const refused = 'The browser does not let this page copy. Select the text and copy it yourself.';
    this.said = '';
    if (!clipboard) {
      this.said = refused;
      return;
    }
    this.said = await clipboard.writeText(text).then(
      () => `The ${what} is copied.`,
      () => refused,
    );
  }
}
