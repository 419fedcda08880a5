import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { PublishedDefinition } from '../../client/contract.js';
import { OperationsController } from '../../controllers/index.js';
import { DefinitionsController } from '../../elements/definitions.js';
import { factsCard } from '../cards/facts.js';
import { ConsoleElement } from '../console-element.js';
import type { EndNotices } from '../end-notices.js';
import { Loaded } from '../loaded.js';
import { type PlatformChoice, servicesOf } from '../platform.js';
import { reading } from '../reading.js';
import { takesService } from '../service-start.js';
import type { User } from '../session/session.js';
import { pageNamed } from '../titles.js';
import { Wings } from '../wings.js';
import { missing } from './missing.js';

/** Its button stands on the card of the certificate, which says what it is about. */
const renewal = 'certificate_renewal';

/** One connection: what can be done, what runs, what ran, and what is known of the host. */
export class ConnectionPage extends ConsoleElement {
  @property({ attribute: false }) connection = 0;
  /** The operation that is shown; without it the one that runs, else the last. */
  @property() operation = '';
  @property({ attribute: false }) user: User | null = null;
  /** Where somebody can ask to be told when an operation ends. */
  @property({ attribute: false }) notices: EndNotices | null = null;

  readonly #loaded = new Loaded<Connection>(this, () => `/connections/${this.connection}`);
  readonly #platforms = new Loaded<{ platforms: PlatformChoice[] }>(this, () => '/platforms');
  readonly #operations = new OperationsController(this, () => this.connection);
  readonly #definitions = new DefinitionsController(this);
  readonly #wings = new Wings(this, { certificates: () => import('../certificates/elements.js') });
  #named = '';

  protected override updated(changed: PropertyValues<this>): void {
    const name = this.#loaded.value?.name;
    const moved = changed.has('connection') || changed.has('operation');
    if (name && (moved || name !== this.#named)) this.dispatchEvent(pageNamed(name));
    this.#named = name ?? '';
  }

  override render(): TemplateResult {
    const { value, problem } = this.#loaded;
    if (problem?.status === 404 || problem?.status === 403) return missing('This connection is not there.');
    if (!value) return this.#unread();
    return html`${this.#head(value)}
      <div class="two" @signalbox-complete=${this.#ended} @signalbox-error=${this.#ended}>
        <div class="stack">
          ${this.#asked()}
          <console-live
            .connection=${this.connection}
            .operation=${this.operation}
            .name=${value.name}
            .notices=${this.notices}
          ></console-live>
          ${this.#history()}
        </div>
        <aside class="stack" aria-label="About this connection">
          ${this.#certificate(value)}
          <console-host-key
            .connection=${value}
            .operations=${this.#operations.snapshot.operations}
            @host-key-accepted=${this.#ended}
          ></console-host-key>
          ${factsCard(value)} ${this.#sharing(value)}
        </aside>
      </div>`;
  }

  #unread(): TemplateResult {
    const heading = html`<div class="head">
      <div>
        <p class="crumb"><a href="#/">Fleet</a></p>
        <h1>This connection cannot be read now</h1>
      </div>
    </div>`;
    return html`${this.#loaded.problem ? heading : nothing} ${reading(this.#loaded, 'Reading the connection…')}`;
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
    return this.#wings.show(
      'certificates',
      html`<console-certificate .connection=${connection} .platform=${platform}></console-certificate>`,
    );
  }

  /** What a person has to set in the DNS; loaded only where there is something. */
  #asked(): TemplateResult | typeof nothing {
    const waiting = this.#operations.active(renewal);
    if (!waiting?.result?.['records']) return nothing;
    return this.#wings.show(
      'certificates',
      html`<console-wanted-records .operation=${waiting}></console-wanted-records>`,
    );
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
