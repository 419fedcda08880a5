import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { CertificateAuthority } from '../../../server/authorities/contract.js';
import type { CertificateSettings, ChallengeKind } from '../../../server/certificates/contract.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { DnsCredential } from '../../../server/dns/contract.js';
import type { Problem } from '../../client/contract.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { Loaded } from '../loaded.js';
import { missing } from '../pages/missing.js';
import type { PlatformChoice } from '../platform.js';
import { fieldErrors, refusalNotice } from '../refusal.js';
import { addressOf } from '../route.js';
import { type Setting, settingsOf } from '../settings/setting.js';
import { type Asked, delivery, key, proof, renewal, wanted } from './certificate-fields.js';
import { certificateFrom } from './certificate-payload.js';
import { questionDialog } from './question.js';

/** Which certificate a connection has, from where, and how it comes there; for admins. */
export class CertificateFormPage extends ConsoleElement {
  @property({ attribute: false }) connection = 0;
  @state() private refused: Problem | null = null;
  @state() private challenge: ChallengeKind | null = null;
  readonly #connection = new Loaded<Connection>(this, () => `/connections/${this.connection}`);
  readonly #platforms = new Loaded<{ platforms: PlatformChoice[] }>(this, () => '/platforms');
  readonly #authorities = new Loaded<{ certificateAuthorities: CertificateAuthority[] }>(
    this,
    () => '/certificate-authorities',
  );
  readonly #credentials = new Loaded<{ dnsCredentials: DnsCredential[] }>(this, () => '/dns-credentials');

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('connection')) return;
    this.refused = null;
    this.challenge = null;
  }

  override render(): TemplateResult {
    const all = [this.#connection, this.#platforms, this.#authorities, this.#credentials];
    const problem = all.map((one) => one.problem).find((one) => one !== null);
    if (this.#connection.problem?.status === 404) return missing('This connection is not there.');
    if (problem?.status === 403) return missing('This page is for admins.');
    const asked = this.#asked();
    if (asked) return this.#page(asked);
    if (all.every(({ value }) => value !== null)) return missing('Connections of this platform have no certificate.');
    return html`<p class="soft" role="status">${problem ? problemSentence(problem) : 'Reading…'}</p>`;
  }

  get #platform(): PlatformChoice | undefined {
    const wanted = this.#connection.value?.platform;
    return this.#platforms.value?.platforms.find(({ name }) => name === wanted);
  }

  get #install(): Setting[] {
    return settingsOf(this.#platform?.certificate?.settings);
  }

  /** Null while something is missing. */
  #asked(): Asked | null {
    const connection = this.#connection.value;
    const place = this.#platform?.certificate;
    const authorities = this.#authorities.value?.certificateAuthorities;
    const credentials = this.#credentials.value?.dnsCredentials;
    if (!connection || !place || !authorities || !credentials) return null;
    const stored: CertificateSettings | null = connection.certificate;
    const challenge = this.challenge ?? stored?.challenge ?? 'http-01';
    const install = this.#install;
    const errors = fieldErrors(this.refused);
    return { connection, stored, place, install, authorities, credentials, challenge, errors };
  }

  #page(asked: Asked): TemplateResult {
    const { connection, stored } = asked;
    return html`<div class="narrow">
      <div class="head">
        <div>
          <p class="crumb"><a href="#/">Fleet</a> / <a href=${addressOf(connection)}>${connection.name}</a></p>
          <h1>Certificate of ${connection.name}</h1>
        </div>
      </div>
      <form class="stack" novalidate @submit=${this.#submit}>
        <section class="panel body stack" aria-labelledby="wanted">${wanted(asked)}</section>
        <section class="panel body stack" aria-labelledby="proof" @change=${this.#choose}>${proof(asked)}</section>
        <section class="panel body stack" aria-labelledby="key-title">${key(asked)}</section>
        <section class="panel body stack" aria-labelledby="delivery">${delivery(asked)}</section>
        <section class="panel body stack" aria-labelledby="renewal">${renewal(asked)}</section>
        <div role="alert">${refusalNotice(this.refused)}</div>
        <div class="row">
          <button class="btn primary">Save</button>
          <a class="btn" href=${addressOf(connection)}>Not now</a>
          ${
            stored
              ? html`<button type="button" class="btn danger" @click=${this.#ask}>No certificate here…</button>`
              : nothing
          }
        </div>
      </form>
      ${this.#dialog(connection)}
    </div>`;
  }

  #dialog({ name }: Connection): TemplateResult {
    return questionDialog({
      ...{ id: 'no-certificate', title: `No certificate for ${name}?`, yes: 'Remove the settings', no: 'Keep them' },
      text: 'Nothing is renewed any more. What is installed on the host stays there until it expires, and nothing is revoked.',
      agreed: () => void this.#send(null),
    });
  }

  readonly #choose = (event: Event): void => {
    const { name, value } = event.target as HTMLSelectElement;
    if (name === 'challenge') this.challenge = value as ChallengeKind;
  };

  readonly #ask = (): void => this.querySelector('dialog')?.showModal();

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#send(certificateFrom(new FormData(event.target as HTMLFormElement), this.#install));
  };

  async #send(certificate: ReturnType<typeof certificateFrom> | null): Promise<void> {
    this.refused = null;
    const { connection } = this;
    try {
      await this.#connection.client?.request('PATCH', `/connections/${connection}`, { certificate });
      location.hash = addressOf({ id: connection });
    } catch (error) {
      this.refused = error as Problem;
      await this.updateComplete;
      this.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }
  }
}
