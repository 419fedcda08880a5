import { html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { SettingsView, SwitchChange, SwitchName } from '../../../server/switches/contract.js';
import type { Problem } from '../../client/contract.js';
import { when } from '../../elements/moments.js';
import { ConsoleElement } from '../console-element.js';
import { field } from '../field.js';
import { Loaded } from '../loaded.js';
import { reading } from '../reading.js';
import type { User } from '../session/session.js';
import { missing } from './missing.js';
import { fieldErrors, refusalNotice } from '../refusal.js';

const HINTS: Record<SwitchName, string> = {
  realtime:
    'Off closes the WebSocket of every page at once. Pages then poll every few seconds and still show the truth.',
  realtimeRollout:
    'The others poll. It is always the same users who have one; who has one now keeps it until the page connects again.',
};

/** What the server refuses in its own words where it is no whole number; an empty field must not become 0. */
function percentIn(text: string): unknown {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;
}

const worded = (name: SwitchName, value: SettingsView[SwitchName]): string =>
  name === 'realtimeRollout' ? `${value} %` : String(value);

/** What can be changed while the server runs; for admins. */
export class SettingsPage extends ConsoleElement {
  @property({ attribute: false }) user: User | null = null;
  @state() private refused: Problem | null = null;
  @state() private said = '';
  readonly #settings = new Loaded<SettingsView>(this, () => '/settings');

  override render(): TemplateResult {
    const { value, problem } = this.#settings;
    if (problem?.status === 403) return missing('This page is for admins.');
    if (!value) return reading(this.#settings, 'Reading the settings…');
    return html`<div class="narrow">
      <div class="head"><h1 id="live-updates">Live updates</h1></div>
      <div class="stack">
        <section class="panel body stack" aria-labelledby="live-updates">
          ${this.#realtime(value)} ${this.#rollout(value)}
        </section>
        ${this.#refusal()}
        <p class="sm soft" role="status">${this.said}</p>
      </div>
    </div>`;
  }

  #realtime(view: SettingsView): TemplateResult {
    return html`<div class="field">
      <label class="check">
        <input
          type="checkbox"
          role="switch"
          name="realtime"
          aria-describedby="realtime-hint realtime-origin"
          .checked=${live(view.realtime === 'on')}
          @change=${this.#toggled}
        />
        Live updates over a WebSocket
      </label>
      <p class="hint" id="realtime-hint">${HINTS.realtime}</p>
      ${this.#origin(view, 'realtime', 'live updates')}
    </div>`;
  }

  #rollout(view: SettingsView): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.#submitted}>
      ${field({
        name: 'realtimeRollout',
        label: 'Share of users with a WebSocket, in percent',
        type: 'number',
        value: String(view.realtimeRollout),
        hint: HINTS.realtimeRollout,
        error: fieldErrors(this.refused)['realtimeRollout'],
      })}
      ${this.#origin(view, 'realtimeRollout', 'the share')}
      <div><button class="btn">Save share</button></div>
    </form>`;
  }

  /** Where the value comes from, and the way back to the environment's. */
  #origin({ environment, overrides }: SettingsView, name: SwitchName, what: string): TemplateResult {
    const override = overrides[name];
    const started = worded(name, environment[name]);
    if (!override) return html`<p class="sm soft" id="${name}-origin">As the server was started: ${started}.</p>`;
    return html`<div class="row">
      <p class="sm soft" id="${name}-origin">
        Set by ${override.changedBy}, ${when(override.changedAt, Date.now())}. The server was started with ${started}.
      </p>
      <button type="button" class="btn quiet" name="reset-${name}" @click=${() => void this.#send({ [name]: null })}>
        <span>Back to ${started}<span class="vh"> for ${what}</span></span>
      </button>
    </div>`;
  }

  #refusal(): TemplateResult {
    return html`<div role="alert">${refusalNotice(this.refused)}</div>`;
  }

  readonly #toggled = (event: Event): void =>
    void this.#send({ realtime: (event.target as HTMLInputElement).checked ? 'on' : 'off' });

  readonly #submitted = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement).get('realtimeRollout');
    void this.#send({ realtimeRollout: percentIn(String(given)) });
  };

  async #send(change: { [N in keyof SwitchChange]: unknown }): Promise<void> {
    this.refused = null;
    this.said = '';
    try {
      await this.#settings.client?.request('PATCH', '/settings', change);
      this.said = 'Saved. It counts at once.';
    } catch (error) {
      this.refused = error as Problem;
    }
    await this.#settings.reload();
  }
}
