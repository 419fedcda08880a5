import type { ReactiveController } from 'lit';
import type { CertificateView } from '../../../server/certificates/contract.js';
import type { Operation, SignalboxClient } from '../../client/contract.js';
import type { Host } from '../../controllers/index.js';
import { ClientAttachment } from '../client-attachment.js';
import { Returns } from '../returns.js';
import { type CertificateEnd, endOf } from './certificate-end.js';

/** When the certificate of the host's connection ends: asked again after a renewal, and when the server is back. */
export class CertificateController implements ReactiveController {
  end: CertificateEnd | null = null;
  readonly #host: Host;
  readonly #connection: () => number;
  readonly #renewal: () => Operation | null;
  readonly #attachment: ClientAttachment;
  /** What was asked last: of which connection, after which renewal, and how often the server had come back by then. */
  #asked = '';
  #shown = 0;
  #returns = 0;

  /** `connection` gives the connection's id, 0 where nothing is wanted; `renewal` its newest renewal. */
  constructor(host: Host, connection: () => number, renewal: () => Operation | null) {
    this.#host = host;
    this.#connection = connection;
    this.#renewal = renewal;
    host.addController(this);
    this.#attachment = new ClientAttachment(host, (client) => this.#attach(client));
  }

  hostUpdate(): void {
    const { client } = this.#attachment;
    const id = this.#connection();
    if (id !== this.#shown) this.end = null;
    this.#shown = id;
    if (!client || id < 1) return;
    const renewal = this.#renewal();
    const wanted = [id, renewal?.completedAt ? renewal.id : '', this.#returns].join();
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    void this.#read(client, id, wanted);
  }

  /** Where it may not be read, or was never seen, nothing is said of it. */
  async #read(client: SignalboxClient, id: number, wanted: string): Promise<void> {
    const view = await client.request<CertificateView>('GET', `/connections/${id}/certificate`).catch(() => null);
    if (wanted !== this.#asked) return;
    if (view) this.end = endOf(view);
    this.#host.requestUpdate();
  }

  #attach(client: SignalboxClient): () => void {
    this.#asked = '';
    this.#host.requestUpdate();
    const returns = new Returns();
    return client.onState(({ phase }) => {
      const consequence = returns.turn(phase);
      if (consequence === 'forget') this.end = null;
      else if (consequence === 'reread') this.#returns += 1;
      if (consequence) this.#host.requestUpdate();
    });
  }
}
