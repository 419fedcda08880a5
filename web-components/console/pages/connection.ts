import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { OperationsController } from '../../controllers/index.js';
import { DefinitionsController } from '../../elements/definitions.js';
import { when } from '../../elements/durations.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { problemSentence } from '../../elements/words.js';
import { CertificateWing } from '../certificate-wing.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import { type PlatformChoice, servicesOf } from '../platform.js';
import { takesService } from '../service-start.js';
import type { User } from '../session/session.js';
import { missing } from './missing.js';

/** Its button stands on the card of the certificate, which says what it is about. */
const renewal = 'certificate_renewal';

/** One connection: what can be done, what runs, what ran, and what is known of the host. */
export class ConnectionPage extends ConsoleElement {
  @property({ attribute: false }) connection = 0;
  @property({ attribute: false }) user: User | null = null;

  readonly #loaded = new Loaded<Connection>(this, () => `/connections/${this.connection}`);
  readonly #platforms = new Loaded<{ platforms: PlatformChoice[] }>(this, () => '/platforms');
  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #wing = new CertificateWing(this);

  override render(): TemplateResult {
    const { value, problem } = this.#loaded;
    if (problem?.status === 404 || problem?.status === 403) return missing('This connection is not there.');
    if (!value)
      return html`<p class="soft" role="status">${problem ? problemSentence(problem) : 'Reading the connection…'}</p>`;
    return html`${this.#head(value)}
      <div class="two" @signalbox-complete=${this.#ended} @signalbox-error=${this.#ended}>
        <div class="stack">${this.#asked()} ${this.#live()} ${this.#history()}</div>
        <aside class="stack" aria-label="About this connection">
          ${this.#certificate(value)}
          <console-host-key
            .connection=${value}
            .operations=${this.#operations.snapshot.operations}
            @host-key-accepted=${this.#ended}
          ></console-host-key>
          ${this.#facts(value)} ${this.#sharing(value)}
        </aside>
      </div>`;
  }

  #head(connection: Connection): TemplateResult {
    const { hostname, port, username, owner } = connection;
    const whose = owner === this.user?.username ? 'yours' : `owned by ${owner}`;
    return html`<div class="head">
      <div>
        <p class="crumb"><a href="#/">Fleet</a> / <span class="mono">${connection.platform}</span></p>
        <h1>${connection.name}</h1>
        <p class="soft">
          <span class="mono">${hostname}${port === 22 ? '' : `:${port}`}</span>, signed in as
          <span class="mono">${username}</span>, ${whose}
        </p>
      </div>
      <div class="do" @signalbox-complete=${this.#ended} @signalbox-error=${this.#ended}>
        ${this.#definitions.all
          ?.filter(({ type }) => type !== renewal)
          .map((definition, index) => this.#start(connection, definition, index))}
        ${this.#manages(connection) ? html`<a class="btn" href="#/connections/${connection.id}/edit">Edit</a>` : nothing}
      </div>
    </div>`;
  }

  /** What may be started; a service is chosen only where there are several. */
  #start(connection: Connection, definition: PublishedDefinition, index: number): TemplateResult {
    const platform = this.#platform(connection);
    const services = servicesOf(connection, platform);
    if (platform && services.length > 1 && takesService(definition))
      return html`<console-service-start
        .connection=${this.connection}
        .definition=${definition}
        .services=${services}
        .primary=${index === 0}
      ></console-service-start>`;
    return this.#button(definition, index);
  }

  #platform({ platform }: Connection): PlatformChoice | undefined {
    return this.#platforms.value?.platforms.find(({ name }) => name === platform);
  }

  #button({ type }: PublishedDefinition, index: number): TemplateResult {
    return html`<signalbox-button
      .connection=${this.connection}
      type=${type}
      .primary=${index === 0}
    ></signalbox-button>`;
  }

  /** The live panel and its output; what ended stays until something else runs. */
  #live(): TemplateResult | typeof nothing {
    const shown: Operation | undefined = this.#operations.snapshot.operations[0];
    if (!shown) return nothing;
    return html`<signalbox-progress large .connection=${this.connection}></signalbox-progress>
      <section class="panel clip" aria-labelledby="output">
        <header><h2 id="output">Device output</h2></header>
        <signalbox-log .connection=${this.connection} .operation=${shown.id}></signalbox-log>
      </section>`;
  }

  #history(): TemplateResult {
    return html`<section class="panel clip" aria-labelledby="history">
      <header>
        <h2 id="history">History</h2>
      </header>
      <signalbox-history .connection=${this.connection} .limit=${50}></signalbox-history>
    </section>`;
  }

  /** Nothing where the platform has no certificates. */
  #certificate(connection: Connection): TemplateResult | typeof nothing {
    const platform = this.#platform(connection);
    if (!platform?.certificate) return nothing;
    return this.#wing.show(
      html`<console-certificate .connection=${connection} .platform=${platform}></console-certificate>`,
    );
  }

  /** What a person has to set in the DNS; loaded only where there is something. */
  #asked(): TemplateResult | typeof nothing {
    const waiting = this.#operations.active(renewal);
    if (!waiting?.result?.['records']) return nothing;
    return this.#wing.show(html`<console-wanted-records .operation=${waiting}></console-wanted-records>`);
  }

  #facts(connection: Connection): TemplateResult {
    const ways = [connection.hasPassword && 'password', connection.hasPrivateKey && 'private key'].filter(Boolean);
    return html`<section class="panel" aria-labelledby="facts">
      <header><h2 id="facts">Facts</h2></header>
      <div class="body stack">
        ${
          connection.legacyAlgorithms
            ? html`<p class="row sm t-caution">${lamp('due')} Old algorithms are allowed on this connection.</p>`
            : nothing
        }
        <dl class="facts sm">
          <dt>Signs in by</dt>
          <dd>${ways.length ? ways.join(' and ') : 'nothing yet: no credentials are stored'}</dd>
          ${
            connection.services.length > 0
              ? html`<dt>Services</dt>
                  <dd>${connection.services.join('\n')}</dd>`
              : nothing
          }
          <dt>Your role</dt>
          <dd>${connection.role}</dd>
          <dt>Added</dt>
          <dd>${when(connection.createdAt, Date.now())}</dd>
          <dt>Changed</dt>
          <dd>${when(connection.updatedAt, Date.now())}</dd>
        </dl>
      </div>
    </section>`;
  }

  #sharing(connection: Connection): TemplateResult | typeof nothing {
    if (!this.#manages(connection)) return nothing;
    return html`<console-sharing .connection=${connection.id} .owner=${connection.owner}></console-sharing>`;
  }

  #manages({ owner, role }: Connection): boolean {
    return role === 'admin' || (role === 'operator' && owner === this.user?.username);
  }

  /** An operation may have changed the connection itself: the first test pins the host key. */
  readonly #ended = (): void => void this.#loaded.reload();
}
