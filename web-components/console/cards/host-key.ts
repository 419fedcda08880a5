import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { Operation, Problem } from '../../client/contract.js';
import { ClientAttachment } from '../../elements/client-attachment.js';
import { when } from '../../elements/moments.js';
import { lamp } from '../../elements/lamp/lamp.js';
import { problemSentence } from '../../elements/words.js';
import { ConsoleElement } from '../console-element.js';
import { seenFingerprint } from './seen-key.js';

/** The key that the host is known by; where it changed, both keys to compare before the new one is accepted. */
export class HostKeyCard extends ConsoleElement {
  @property({ attribute: false }) connection: Connection | null = null;
  @property({ attribute: false }) operations: readonly Operation[] = [];
  @state() private refused: Problem | null = null;
  readonly #attachment = new ClientAttachment(this, () => () => undefined);

  override render(): TemplateResult | typeof nothing {
    if (!this.connection) return nothing;
    const pinned = this.connection.hostKey;
    const offered = this.connection.offeredHostKey?.fingerprint ?? null;
    return html`<section class="panel clip" aria-labelledby="host-key">
      <header>
        <h2 id="host-key">Host key</h2>
        ${this.#verdict(offered)}
      </header>
      ${offered ? this.#compare(offered) : nothing}
      <div class="body">
        ${
          pinned
            ? html`<dl class="facts sm">
                <dt>Type</dt>
                <dd class="mono">${pinned.type}</dd>
                <dt>Print</dt>
                <dd class="mono">${pinned.fingerprint}</dd>
                <dt>Pinned</dt>
                <dd>${when(pinned.pinnedAt, Date.now())}</dd>
              </dl>`
            : html`<p class="sm soft">No key yet. The first SSH test pins the key that the host shows.</p>`
        }
      </div>
    </section>`;
  }

  #verdict(offered: string | null): TemplateResult | typeof nothing {
    if (offered) return html`<span class="end row sm t-stop">${lamp('failed')} changed</span>`;
    const seen = seenFingerprint(this.operations);
    if (!seen || seen !== this.connection?.hostKey?.fingerprint) return nothing;
    return html`<span class="end row sm soft">${lamp('completed')} matches</span>`;
  }

  #compare(offered: string): TemplateResult {
    const mayAccept = this.connection?.role !== 'viewer';
    return html`<div class="notice">
      ${lamp('failed')}
      <p class="strong">The host showed another key.</p>
      <p>Compare this print with the one on the device's own console. Accept it only if they are the same.</p>
      <p class="mono sm print">${offered}</p>
      ${
        mayAccept
          ? html`<p>
              <button type="button" class="btn" @click=${() => void this.#accept(offered)}>Accept the new key</button>
            </p>`
          : nothing
      }
      <p role="alert" class="sm">${this.refused ? problemSentence(this.refused) : nothing}</p>
    </div>`;
  }

  async #accept(fingerprint: string): Promise<void> {
    try {
      await this.#attachment.client?.request('POST', `/connections/${this.connection?.id ?? 0}/host-key`, {
        fingerprint,
      });
      this.dispatchEvent(new CustomEvent('host-key-accepted'));
    } catch (error) {
      this.refused = error as Problem;
    }
  }
}
