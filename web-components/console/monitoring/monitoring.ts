import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Operation } from '../../client/contract.js';
import { ClockController } from '../../controllers/index.js';
import { DefinitionsController } from '../../elements/definitions.js';
import { when } from '../../elements/moments.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import { missing } from '../pages/missing.js';
import { reading } from '../reading.js';
import { type Figure, figuresOf, STUCK } from './figures.js';
import { durationsOf, failuresOf, LAST } from './runs.js';
import { samplesOf } from './samples.js';
import { durationTable, endedTable, failureTable } from './tables.js';

const amount = new Intl.NumberFormat('en-GB');

const LOOK_AGAIN_MS = 10_000;

type Operations = { operations: Operation[] };

const listOf = (status: string): string => `/operations?status=${status}&limit=${LAST}`;

/** How well the server does what it is for, in figures with what they mean; for admins. */
export class MonitoringPage extends ConsoleElement {
  /** Reads the text of a path, with the user's token. */
  @property({ attribute: false }) read: (path: string) => Promise<string> = () => Promise.resolve('');

  readonly #metrics = new Loaded<string>(
    this,
    () => '/metrics',
    LOOK_AGAIN_MS,
    (_, path) => this.read(path),
  );
  readonly #completed = new Loaded<Operations>(this, () => listOf('completed'), LOOK_AGAIN_MS);
  readonly #failed = new Loaded<Operations>(this, () => listOf('failed'), LOOK_AGAIN_MS);
  readonly #definitions = new DefinitionsController(this);
  readonly #clock = new ClockController(this);

  override render(): TemplateResult {
    const { value, problem } = this.#metrics;
    if (problem?.status === 403) return missing('This page is for admins.');
    return html`<div class="head"><h1>Monitoring</h1></div>
      ${value === null ? reading(this.#metrics, 'Reading the figures…') : this.#page(value)}`;
  }

  #page(text: string): TemplateResult {
    const samples = samplesOf(text);
    const { kept, open, refused, since } = figuresOf(samples);
    const now = this.#clock.glance;
    return html`<div class="stack">
      <p class="soft">
        Counted by this server since ${since === null ? 'it was started' : when(new Date(since).toISOString(), now)}. A
        monitoring system reads the same from <span class="mono">/metrics</span>.
      </p>
      ${this.#metrics.problem ? reading(this.#metrics, '') : nothing} ${this.#group('At a glance', kept)}
      ${this.#group('Live updates', open)} ${this.#group('Refused', refused)}
      <div class="figure-tables">
        ${endedTable(samples, this.#definitions)}
        ${durationTable(durationsOf(this.#completed.value?.operations ?? []), this.#definitions)}
        ${failureTable(failuresOf(this.#failed.value?.operations ?? []), now)}
      </div>
    </div>`;
  }

  #group(title: string, figures: readonly Figure[]): TemplateResult {
    return html`<section class="panel clip" aria-label=${title}>
      <header><h2>${title}</h2></header>
      <ul class="figure-list">
        ${figures.map((figure) => this.#figure(figure))}
      </ul>
    </section>`;
  }

  #figure({ title, metric, value, words, parts }: Figure): TemplateResult {
    const isBad = metric === STUCK && value !== null && value > 0;
    const made = parts.map(([name, count]) => `${name.replaceAll('_', ' ')} ${amount.format(count)}`).join(', ');
    return html`<li>
      <p class="soft">${title}</p>
      <p class="days row ${isBad ? 't-stop' : ''}">${isBad ? lamp('failed') : nothing} ${amount.format(value ?? 0)}</p>
      <p class="sm muted">${words}</p>
      ${made ? html`<p class="sm soft">${made}</p>` : nothing}
    </li>`;
  }
}
