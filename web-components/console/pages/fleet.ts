import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { Problem } from '../../client/contract.js';
import { ClockController, FleetController } from '../../controllers/index.js';
import { DefinitionsController } from '../../elements/definitions.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import type { User } from '../session/session.js';
import { inventoryOf, linesOf, verdictOf } from './fleet-lines.js';
import { fleetTable } from './fleet-table.js';
import { lineDiagram } from './line-diagram.js';

/** How often connections that others added or removed are looked for: the feed tells of operations only. */
const LOOK_AGAIN_MS = 10_000;
/** The fleet's snapshot holds this many operations at most; in a fuller one a connection's last run may be missing. */
const SNAPSHOT = 200;

/** The whole fleet on one page; its heading is the verdict. */
export class FleetPage extends ConsoleElement {
  @property({ attribute: false }) user: User | null = null;
  @state() private refused: ReadonlyMap<number, string> = new Map();

  readonly #connections = new Loaded<{ connections: Connection[] }>(this, () => '/connections', LOOK_AGAIN_MS);
  readonly #fleet = new FleetController(this);
  readonly #definitions = new DefinitionsController(this);
  readonly #clock = new ClockController(this);

  readonly #unknown = new Set<number>();

  /** An operation on a connection that this page does not know yet: somebody has just added it. */
  override willUpdate(): void {
    const known = this.#connections.value?.connections;
    if (!known) return;
    const ids = new Set(known.map(({ id }) => id));
    const fresh = this.#fleet.operations.filter(
      ({ connectionId }) => !ids.has(connectionId) && !this.#unknown.has(connectionId),
    );
    for (const { connectionId } of fresh) this.#unknown.add(connectionId);
    if (fresh.length > 0) void this.#connections.reload();
  }

  override render(): TemplateResult {
    const { value, problem } = this.#connections;
    if (!value)
      return html`<p class="soft" role="status">${problem ? problemSentence(problem) : 'Reading the fleet…'}</p>`;
    const lines = linesOf(value.connections, this.#fleet.snapshot.operations);
    return html`<div class="head">
        <div>
          <p class="crumb">${lines.length ? inventoryOf(lines) : 'Fleet'}</p>
          <h1 aria-live="polite">${verdictOf(lines)}</h1>
        </div>
        ${
          this.#mayAdd && lines.length
            ? html`<div class="do"><a class="btn primary" href="#/connections/new">Add connection</a></div>`
            : nothing
        }
      </div>
      ${lines.length ? html`<div class="stack">${lineDiagram(lines)} ${this.#table(lines)}</div>` : this.#empty()}`;
  }

  get #mayAdd(): boolean {
    return this.user !== null && this.user.role !== 'viewer';
  }

  #table(lines: ReturnType<typeof linesOf>): TemplateResult {
    return fleetTable({
      lines,
      definitions: this.#definitions.all ?? [],
      complete: this.#fleet.operations.length < SNAPSHOT,
      now: lines.some(({ last }) => last?.completedAt === null) ? this.#clock.now : this.#clock.glance,
      refused: this.refused,
      start: (connection, type) => void this.#ask(connection, (client) => client.start(connection, type)),
      retry: (connection, operation) => void this.#ask(connection, (client) => client.retry(connection, operation)),
    });
  }

  async #ask(
    connection: number,
    request: (client: NonNullable<Loaded<unknown>['client']>) => Promise<unknown>,
  ): Promise<void> {
    const refused = new Map(this.refused);
    refused.delete(connection);
    try {
      if (this.#connections.client) await request(this.#connections.client);
    } catch (error) {
      refused.set(connection, problemSentence(error as Problem));
    }
    this.refused = refused;
  }

  #empty(): TemplateResult {
    return html`<section class="panel first">
      <span class="track" aria-hidden="true"></span>
      ${
        this.#mayAdd
          ? html`<ol class="soft">
                <li>Add the appliance or server that Signalbox shall reach.</li>
                <li>Test SSH. The first test pins the host key that it shows.</li>
                <li>Share it with those who work on it.</li>
              </ol>
              <p><a class="btn primary" href="#/connections/new">Add connection</a></p>`
          : html`<p class="soft">Nothing is shared with you yet. An admin or a connection's owner can do that.</p>`
      }
    </section>`;
  }
}
