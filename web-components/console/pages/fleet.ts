import '../../elements/fleet/define.js';
import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { SignalboxFleet } from '../../elements/fleet/fleet.js';
import type { FleetLine } from '../../elements/fleet/line.js';
import { ConsoleElement } from '../console-element.js';
import type { User } from '../session/session.js';
import { inventoryOf, verdictOf } from './fleet-lines.js';
import { lineDiagram } from './line-diagram.js';

/** The whole fleet on one page; its heading is the verdict. */
export class FleetPage extends ConsoleElement {
  @property({ attribute: false }) user: User | null = null;
  /** What the fleet below knows; the heading and the diagram say the same. */
  @state() private lines: readonly FleetLine[] | null = null;

  override render(): TemplateResult {
    const lines = this.lines ?? [];
    return html`<div class="head">
        <div>
          <p class="crumb">${lines.length ? inventoryOf(lines) : 'Fleet'}</p>
          <h1 aria-live="polite">${this.lines ? verdictOf(lines) : 'Fleet'}</h1>
        </div>
        ${
          this.#mayAdd && lines.length
            ? html`<div class="do"><a class="btn primary" href="#/connections/new">Add connection</a></div>`
            : nothing
        }
      </div>
      <div class="stack">
        ${lines.length ? lineDiagram(lines) : nothing}
        <signalbox-fleet href="#/connections/{id}" @signalbox-fleet-change=${this.#changed}>
          ${this.lines && lines.length === 0 ? this.#empty() : nothing}
        </signalbox-fleet>
      </div>`;
  }

  get #mayAdd(): boolean {
    return this.user !== null && this.user.role !== 'viewer';
  }

  readonly #changed = (event: Event): void => {
    this.lines = (event.target as SignalboxFleet).lines;
  };

  #empty(): TemplateResult {
    return html`<section slot="empty" class="panel first">
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
