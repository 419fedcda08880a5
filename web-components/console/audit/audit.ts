import { html, nothing, type TemplateResult } from 'lit';
import type { AuditRecord } from '../../../server/audit/record.js';
import type { Connection } from '../../../server/connections/contract.js';
import { when } from '../../elements/moments.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { field, select } from '../field.js';
import { Loaded } from '../loaded.js';
import { missing } from '../pages/missing.js';
import { reading } from '../reading.js';
import { AuditTrail } from './trail.js';
import { actionWords, targetOf, wordsOfAction, wordsOfDetail, wordsOfOutcome } from './words.js';

const actionChoices = [
  { value: '', label: 'Everything' },
  ...Object.entries(actionWords).map(([value, label]) => ({ value, label })),
];

/** Who did what, when, from where, and whether it was let; for admins. */
export class AuditPage extends ConsoleElement {
  readonly #trail = new AuditTrail(this);
  readonly #connections = new Loaded<{ connections: Connection[] }>(this, () => '/connections');

  override render(): TemplateResult {
    const { entries, problem } = this.#trail;
    if (problem?.status === 403) return missing('This page is for admins.');
    return html`<div class="head"><h1>Audit trail</h1></div>
      <div class="stack">
        <p class="soft">Everything that changed something, and what was refused. Rows are only ever added.</p>
        ${this.#filter()} ${entries ? this.#entries(entries) : reading(this.#trail, 'Reading the audit trail…')}
      </div>`;
  }

  #filter(): TemplateResult {
    return html`<form class="audit-filter" @submit=${this.#filtered} @change=${this.#changed}>
      ${field({ name: 'actor', label: 'Who', mono: true })}
      ${select({ name: 'action', label: 'What' }, actionChoices, '')}
      <button class="btn">Show</button>
    </form>`;
  }

  #entries(entries: readonly AuditRecord[]): TemplateResult {
    if (entries.length === 0) return this.#none();
    const connections = new Map((this.#connections.value?.connections ?? []).map((one) => [one.id, one]));
    const { problem, hasOlder } = this.#trail;
    return html`<section class="panel clip" aria-label="Entries, newest first">
        <table class="audit">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">From</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            ${entries.map((entry) => this.#row(entry, connections))}
          </tbody>
        </table>
      </section>
      ${problem ? html`<p class="notice" role="alert">${lamp('failed')}<span>${problemSentence(problem)}</span></p>` : nothing}
      <div class="row">
        ${hasOlder ? html`<button type="button" class="btn" name="older" @click=${this.#older}>Show older</button>` : nothing}
        <span class="sm muted" role="status">${entries.length} shown${hasOlder ? '' : ', that is all'}</span>
      </div>`;
  }

  #row(entry: AuditRecord, connections: ReadonlyMap<number, Connection>): TemplateResult {
    const target = targetOf(entry, connections);
    const detail = wordsOfDetail(entry.detail);
    return html`<tr>
      <td class="a-when"><time datetime=${entry.at} title=${entry.at}>${when(entry.at, Date.now())}</time></td>
      <td class="a-who strong">${entry.actor ?? 'nobody'}</td>
      <td class="a-what">
        ${wordsOfAction(entry.action)}${
          target ? html`: ${target.href ? html`<a href=${target.href}>${target.text}</a>` : target.text}` : nothing
        }
        ${detail ? html`<span class="mono sm muted line"><bdi>${detail}</bdi></span>` : nothing}
      </td>
      <td class="a-from mono">${entry.address ?? ''}</td>
      <td class="a-outcome">${this.#outcome(entry.outcome)}</td>
    </tr>`;
  }

  #outcome(outcome: string): TemplateResult {
    if (outcome === 'ok') return html`<span class="soft">${wordsOfOutcome(outcome)}</span>`;
    const refused = outcome === 'refused';
    return html`<span class="nowrap ${refused ? 't-caution' : 't-stop'}">
      ${lamp(refused ? 'locked' : 'failed')} ${wordsOfOutcome(outcome)}
    </span>`;
  }

  #none(): TemplateResult {
    const { actor, action } = this.#trail.filter;
    const narrowed = actor !== '' || action !== '';
    return html`<section class="panel body stack">
      <p>${narrowed ? 'No entry matches.' : 'Nothing has happened yet.'}</p>
      ${narrowed ? html`<p><button type="button" class="btn" @click=${this.#clear}>Clear filter</button></p>` : nothing}
    </section>`;
  }

  #choose(): void {
    const form = this.querySelector('form');
    if (!form) return;
    const data = new FormData(form);
    void this.#trail.choose({ actor: String(data.get('actor')).trim(), action: String(data.get('action')) });
  }

  readonly #filtered = (event: SubmitEvent): void => {
    event.preventDefault();
    this.#choose();
  };

  /** A chosen action counts at once; a name is typed to its end first. */
  readonly #changed = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) this.#choose();
  };

  readonly #older = (): void => void this.#trail.older();

  readonly #clear = (): void => {
    this.querySelector('form')?.reset();
    this.#choose();
  };
}
