/** The form of one DNS credential, and what it sends. */
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { DnsCredential, PublishedDnsProvider } from '../../../server/dns/contract.js';
import type { JsonObject } from '../../../server/operations/contract.js';
import { field, select } from '../field.js';
import { settingFields } from '../settings/setting-fields.js';
import { settingsFrom, settingsOf } from '../settings/setting.js';

export interface AskedCredential {
  /** Null: a new one. */
  stored: DnsCredential | null;
  providers: readonly PublishedDnsProvider[];
  /** The one that is chosen now. */
  chosen: PublishedDnsProvider;
  errors: Record<string, string>;
}

/** What another provider has stored means nothing to this one. */
const storedFor = ({ stored, chosen }: Pick<AskedCredential, 'stored' | 'chosen'>): DnsCredential | null =>
  stored?.provider === chosen.name ? stored : null;

function settings(asked: AskedCredential): TemplateResult {
  const { chosen, errors } = asked;
  const known = storedFor(asked);
  const whole = errors['settings'];
  return html`${settingFields({
    ...{ settings: settingsOf(chosen.settings), values: known?.settings ?? {}, errors, locked: false },
    secrets: { keys: chosen.secrets, stored: known?.storedSecrets ?? [] },
  })}
  ${whole ? html`<p class="error" tabindex="-1" aria-invalid="true">${whole}</p>` : nothing}`;
}

export function credentialFields(asked: AskedCredential): TemplateResult {
  const { stored, providers, chosen, errors } = asked;
  return html`${field({ name: 'name', label: 'Name', value: stored?.name ?? '', error: errors['name'] })}
  ${select(
    {
      ...{ name: 'provider', label: 'Provider', error: errors['provider'] },
      hint: chosen.manual ? 'A person sets each record: the renewal shows it, waits, and sees it by itself.' : '',
    },
    providers.map(({ name, title }) => ({ value: name, label: title })),
    chosen.name,
  )}
  ${chosen.secrets.length > 0 ? html`<p class="hint">Secrets are sealed before they are stored, and never come out again.</p>` : nothing}
  ${keyed(chosen.name, settings(asked))}`;
}

/** A secret that was left empty is left out: a stored one stays. */
function withoutEmptySecrets(given: JsonObject, { secrets }: PublishedDnsProvider): JsonObject {
  return Object.fromEntries(Object.entries(given).filter(([key, value]) => value !== '' || !secrets.includes(key)));
}

export function credentialFrom(form: FormData, chosen: PublishedDnsProvider): JsonObject {
  const name = form.get('name');
  return {
    name: typeof name === 'string' ? name.trim() : '',
    provider: chosen.name,
    settings: withoutEmptySecrets(settingsFrom(settingsOf(chosen.settings), form), chosen),
  };
}
