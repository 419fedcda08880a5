import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ConsoleElement } from '../console-element.js';
import type { PlainPage } from '../route.js';
import type { User } from '../session/session.js';
import { type Group, groups, maySee } from './groups.js';

/** The list of the settings that one may see; on a phone it comes first, and from the pages a link leads back to it. */
export class SettingsList extends ConsoleElement {
  @property({ attribute: false }) page: PlainPage = 'settings';
  @property({ attribute: false }) user: User | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('page')) this.toggleAttribute('front', this.page === 'settings');
  }

  override render(): TemplateResult {
    return html`<p class="crumb back"><a href="#/settings">Settings</a></p>
      <p class="title" aria-hidden="true">Settings</p>
      <nav aria-label="Settings">${groups.map((group) => this.#group(group))}</nav>`;
  }

  #group({ title, pages }: Group): TemplateResult | typeof nothing {
    const seen = pages.filter((page) => maySee(this.user, page));
    if (seen.length === 0) return nothing;
    return html`<p class="muted sm" id="settings-${title}">${title}</p>
      <ul aria-labelledby="settings-${title}">
        ${seen.map(
          ({ page, label }) =>
            html`<li><a href="#/${page}" aria-current=${page === this.page ? 'page' : nothing}>${label}</a></li>`,
        )}
      </ul>`;
  }
}
