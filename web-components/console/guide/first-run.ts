import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { Operation } from '../../client/contract.js';
import { FleetController } from '../../controllers/index.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import { addressOf } from '../route.js';
import type { User } from '../session/session.js';
import { type Account, firstSteps, type Step } from './first-steps.js';

/**
 * Three steps down a line: set your password, add a connection, test it. What is done is read from the store; when all is done
 * nothing is left of it. While there is no connection it is the whole page.
 */
export class FirstRun extends ConsoleElement {
  @property({ attribute: false }) user: User | null = null;
  readonly #users = new Loaded<{ users: Account[] }>(this, () => '/users');
  readonly #connections = new Loaded<{ connections: Connection[] }>(this, () => '/connections');
  readonly #completed = new Loaded<{ operations: Operation[] }>(this, () => '/operations?status=completed&limit=1');
  readonly #fleet = new FleetController(this);

  override willUpdate(changed: PropertyValues<this>): void {
    // A new password is told by the new session that follows it.
    if (changed.get('user')) void this.#users.reload();
  }

  override render(): TemplateResult | typeof nothing {
    const steps = this.#steps();
    const whole = steps !== null && this.#connections.value?.connections.length === 0;
    this.toggleAttribute('whole', whole);
    if (!steps || steps.every(({ done }) => done)) return nothing;
    return whole ? this.#page(steps) : this.#panel(steps);
  }

  #steps(): Step[] | null {
    const [users, connections, completed] = [this.#users.value, this.#connections.value, this.#completed.value];
    if (!users || !connections || !completed) return null;
    const ran = completed.operations.length > 0 || this.#fleet.operations.some(({ status }) => status === 'completed');
    const own = this.user?.username ?? '';
    return firstSteps({ own, users: users.users, connections: connections.connections, ran });
  }

  #page(steps: readonly Step[]): TemplateResult {
    return html`<div class="head">
        <div>
          <p class="crumb">Three steps to the first live operation</p>
          <h1>No connections yet</h1>
        </div>
      </div>
      <section class="panel body guide" aria-label="First steps">${this.#line(steps)}</section>`;
  }

  #panel(steps: readonly Step[]): TemplateResult {
    return html`<section class="panel guide" aria-labelledby="first-steps">
      <header>
        <h2 id="first-steps">First steps</h2>
        <span class="muted">${steps.filter(({ done }) => done).length} of ${steps.length} done</span>
      </header>
      <div class="body">${this.#line(steps)}</div>
    </section>`;
  }

  #line(steps: readonly Step[]): TemplateResult {
    const next = steps.findIndex(({ done }) => !done);
    return html`<ol>
      ${steps.map((step, index) => this.#step(step, index === next))}
    </ol>`;
  }

  #step(step: Step, next: boolean): TemplateResult {
    return html`<li class=${step.done ? 'done' : ''} aria-current=${next ? 'step' : nothing}>
      ${lamp(step.done ? 'completed' : next ? 'pending' : 'idle', { label: step.done ? 'done' : 'to do' })}
      <div class="stack">
        <p><span class="strong">${step.title}</span> <span class="soft">${step.words}</span></p>
        ${step.done ? nothing : this.#action(step, next)}
      </div>
    </li>`;
  }

  #action({ key }: Step, next: boolean): TemplateResult | typeof nothing {
    const look = next ? 'btn primary' : 'btn';
    if (key === 'password')
      return html`<p><button type="button" class=${look} @click=${this.#change}>Change password</button></p>`;
    if (key === 'connection') return html`<p><a class=${look} href="#/connections/new">Add connection</a></p>`;
    const first = this.#connections.value?.connections[0];
    return first ? html`<p><a class=${look} href=${addressOf(first)}>Go to ${first.name}</a></p>` : nothing;
  }

  readonly #change = (): void => void this.dispatchEvent(new CustomEvent('change-password', { bubbles: true }));
}
