/** The sections of a connection's form. */
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Connection } from '../../../server/connections/contract.js';
import { field, select } from '../field.js';
import type { PlatformChoice } from '../platform.js';
import { settingFields } from '../settings/setting-fields.js';
import type { Setting } from '../settings/setting.js';

/** What the form asks for. */
export interface Asked {
  platforms: readonly PlatformChoice[];
  /** The platform that is chosen now. */
  chosen: PlatformChoice | undefined;
  stored: Connection | null;
  /** The chosen platform's. */
  settings: readonly Setting[];
  /** Whether the settings may only be read. */
  locked: boolean;
  errors: Record<string, string>;
}

export function where({ platforms, chosen, stored, errors }: Asked): TemplateResult {
  const options = platforms.map(({ name, title }) => ({ value: name, label: title }));
  const movedHint = stored?.hostKey ? 'Another host or port clears the pinned host key.' : '';
  return html`${field({ name: 'name', label: 'Name', value: stored?.name ?? '', error: errors['name'], autofocus: !stored })}
    ${select({ name: 'platform', label: 'Platform', error: errors['platform'] }, options, chosen?.name ?? '')}
    <div class="pair">
      ${field({
        name: 'hostname',
        label: 'Host',
        value: stored?.hostname ?? '',
        hint: movedHint || 'A name or an IP address.',
        error: errors['hostname'],
        mono: true,
      })}
      ${field({
        name: 'port',
        label: 'Port',
        type: 'number',
        value: String(stored?.port ?? chosen?.defaultPort ?? 22),
        error: errors['port'],
        mono: true,
      })}
    </div>`;
}

export function signing({ stored, errors }: Asked): TemplateResult {
  const keep = (has: boolean | undefined): string => (has ? 'One is stored. Leave this empty to keep it.' : '');
  return html`<h2 id="signing">Signing in</h2>
    ${field({ name: 'username', label: 'Username', value: stored?.username ?? '', error: errors['username'], mono: true })}
    ${field({
      name: 'password',
      label: 'Password',
      type: 'password',
      autocomplete: 'new-password',
      hint: keep(stored?.hasPassword) || 'Sealed before it is stored; it never comes out again.',
      error: errors['password'],
    })}
    <details ?open=${Boolean(errors['privateKey'] ?? errors['passphrase'])}>
      <summary>Private key${stored?.hasPrivateKey ? ', one is stored' : ''}</summary>
      <div class="stack">
        ${field({
          name: 'privateKey',
          label: 'Private key',
          rows: 6,
          hint: keep(stored?.hasPrivateKey) || 'OpenSSH or PEM, with its first and last line.',
          error: errors['privateKey'],
        })}
        ${field({ name: 'passphrase', label: 'Passphrase of the key', type: 'password', autocomplete: 'off', error: errors['passphrase'] })}
      </div>
    </details>
    <label class="check">
      <input
        type="checkbox"
        name="legacyAlgorithms"
        .checked=${stored?.legacyAlgorithms ?? false}
        aria-describedby="legacy-hint"
      />
      Allow old algorithms
    </label>
    <p class="hint" id="legacy-hint">
      SHA-1, CBC and group1, for appliances that offer nothing better. They can be broken; it is shown wherever it is
      on.
    </p>`;
}

/** Which services may be restarted, and what the platform wants to know for that; nothing where it can do neither. */
export function services({ chosen, stored, settings, locked, errors }: Asked): TemplateResult | typeof nothing {
  const restarts = chosen?.capabilities?.includes('restartService') === true;
  if (!restarts && settings.length === 0) return nothing;
  const named = chosen?.defaultService ? `${chosen.defaultService} may always be.` : 'The first one is the default.';
  // Another platform's settings are other fields: what was written into the old ones goes with them.
  const values = stored && stored.platform === chosen?.name ? stored.platformSettings : {};
  return html`<section class="panel body stack" aria-labelledby="services-title">
    <h2 id="services-title">${restarts ? 'Services' : 'Settings'}</h2>
    ${
      restarts
        ? field({
            name: 'services',
            label: 'Services that may be restarted',
            rows: 3,
            value: stored?.services.join('\n') ?? '',
            hint: `Names as the machine lists them, one a line. ${named}`,
            error: errors['services'],
          })
        : nothing
    }
    ${keyed(chosen?.name, settingFields({ settings, values, errors, locked }))}
  </section>`;
}
