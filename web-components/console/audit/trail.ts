import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Problem, SignalboxClient } from '../../client/contract.js';
import { ClientAttachment } from '../../elements/client-attachment.js';
import type { AuditRecord } from '../../../server/audit/record.js';

export interface AuditFilter {
  actor: string;
  action: string;
}

interface Page {
  entries: AuditRecord[];
  next: string | null;
}

/** The audit trail as far as it has been read: the newest page, and the older ones that somebody asked for. */
export class AuditTrail implements ReactiveController {
  entries: readonly AuditRecord[] | null = null;
  problem: Problem | null = null;
  filter: AuditFilter = { actor: '', action: '' };
  readonly #host: ReactiveControllerHost;
  readonly #attachment: ClientAttachment;
  #next: string | null = null;
  /** Which question is asked now: an answer to an earlier one is nobody's. */
  #question = 0;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
    this.#attachment = new ClientAttachment(host, (client) => {
      void this.#read(client, null);
      return () => undefined;
    });
  }

  get hasOlder(): boolean {
    return this.#next !== null;
  }

  hostConnected(): void {
    // Nothing: the attachment begins.
  }

  readonly reload = async (): Promise<void> => {
    if (this.#attachment.client) await this.#read(this.#attachment.client, null);
  };

  async choose(filter: AuditFilter): Promise<void> {
    this.filter = filter;
    await this.reload();
  }

  async older(): Promise<void> {
    if (this.#attachment.client && this.#next !== null) await this.#read(this.#attachment.client, this.#next);
  }

  async #read(client: SignalboxClient, before: string | null): Promise<void> {
    const question = ++this.#question;
    const given = { ...this.filter, before: before ?? '' };
    const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== '')).toString();
    try {
      const page = await client.request<Page>('GET', query ? `/audit?${query}` : '/audit');
      if (question === this.#question) this.#take(page, before);
    } catch (error) {
      if (question === this.#question) this.problem = error as Problem;
    }
    this.#host.requestUpdate();
  }

  #take({ entries, next }: Page, before: string | null): void {
    this.problem = null;
    this.entries = before === null ? entries : [...(this.entries ?? []), ...entries];
    this.#next = next;
  }
}
