/** The form of one CA, and what it sends. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CertificateAuthority, CertificateAuthorityChange } from '../../../server/authorities/contract.js';
import type { JsonObject } from '../../../server/operations/contract.js';
import { when } from '../../elements/moments.js';
import { field } from '../field.js';
import { checkField } from './check-field.js';
import { linesOf } from './endpoint-lines.js';

export interface AskedAuthority {
  /** Null: a new one. */
  stored: CertificateAuthority | null;
  errors: Record<string, string>;
  now: number;
}

/** The server asks the CA for the address; only a plain link is made of it. */
function termsLink({ termsOfService }: CertificateAuthority): TemplateResult {
  return termsOfService
    ? html`<a href=${termsOfService} target="_blank" rel="noreferrer">its terms of service</a>`
    : html`its terms of service`;
}

function terms({ stored, errors, now }: AskedAuthority): TemplateResult {
  if (!stored)
    return html`<p class="hint">
      Its terms of service can be read, and agreed to, once it is added and can be reached.
    </p>`;
  const { termsAgreedAt, termsAgreedBy, name } = stored;
  const unread = stored.termsOfService ? '' : ' The CA did not say where they are, or cannot be reached now.';
  const agreed = termsAgreedAt ? `Agreed to by ${termsAgreedBy ?? 'an admin'}, ${when(termsAgreedAt, now)}.` : '';
  return checkField({
    name: 'termsAgreed',
    label: html`I have read ${termsLink(stored)} and agree to them for ${name}`,
    checked: termsAgreedAt !== null,
    hint: agreed || `Nothing is ordered there before somebody has agreed.${unread}`,
    error: errors['termsAgreed'],
  });
}

function binding({ stored, errors }: AskedAuthority): TemplateResult {
  const kept = stored?.hasEabHmacKey ? 'One is stored; leave this empty to keep it.' : 'As base64url.';
  return html`<details ?open=${Boolean(stored?.eabKeyId ?? errors['eabKeyId'] ?? errors['eabHmacKey'])}>
    <summary>External account binding</summary>
    <div class="stack">
      ${field({
        ...{ name: 'eabKeyId', label: 'Key id', value: stored?.eabKeyId ?? '', error: errors['eabKeyId'], mono: true },
        hint: 'Where the CA asks for one. Empty removes the binding.',
      })}
      ${field({
        ...{ name: 'eabHmacKey', label: 'HMAC key', type: 'password', autocomplete: 'new-password' },
        hint: `${kept} Sealed before it is stored; it never comes out again.`,
        error: errors['eabHmacKey'],
      })}
    </div>
  </details>`;
}

function roots({ stored, errors }: AskedAuthority): TemplateResult {
  const { directoryRootsPem: directory, issuedRootsPem: issued } = stored ?? {};
  return html`<details ?open=${Boolean(directory ?? issued ?? errors['directoryRootsPem'] ?? errors['issuedRootsPem'])}>
    <summary>Roots of a private CA</summary>
    <div class="stack">
      ${field({
        ...{ name: 'directoryRootsPem', label: 'For the directory’s own TLS', rows: 5, value: directory ?? '' },
        hint: 'As PEM, beside those of the system.',
        error: errors['directoryRootsPem'],
      })}
      ${field({
        ...{ name: 'issuedRootsPem', label: 'That issued chains must end in', rows: 5, value: issued ?? '' },
        hint: 'As PEM; empty: those of the system.',
        error: errors['issuedRootsPem'],
      })}
    </div>
  </details>`;
}

export function authorityFields(asked: AskedAuthority): TemplateResult {
  const { stored, errors } = asked;
  return html`${field({ name: 'name', label: 'Name', value: stored?.name ?? '', error: errors['name'] })}
  ${field({
    ...{ name: 'directoryUrl', label: 'ACME directory', value: stored?.directoryUrl ?? '', mono: true },
    hint: stored?.builtIn ? 'A built-in CA keeps its directory.' : 'An https address.',
    error: errors['directoryUrl'],
    disabled: stored?.builtIn ?? false,
  })}
  ${field({
    ...{ name: 'contactEmails', label: 'Contacts', rows: 2, value: stored?.contactEmails.join('\n') ?? '' },
    hint: 'Email addresses that the CA may write to, one a line.',
    error: errors['contactEmails'],
  })}
  ${terms(asked)} ${binding(asked)} ${roots(asked)}
  ${stored?.isDefault ? nothing : stored ? makeDefault(errors) : nothing}`;
}

function makeDefault(errors: Record<string, string>): TemplateResult {
  return checkField({
    ...{ name: 'isDefault', label: 'Make it the default', checked: false, error: errors['isDefault'] },
    hint: 'Connections that choose no CA take it from their next renewal on.',
  });
}

/** An emptied key id removes the whole binding; a secret that was left empty stays. */
function bindingFrom(text: (name: string) => string, stored: CertificateAuthority | null): CertificateAuthorityChange {
  const [eabKeyId, eabHmacKey] = [text('eabKeyId') || null, text('eabHmacKey')];
  if (eabHmacKey) return { eabKeyId, eabHmacKey };
  return eabKeyId === null && stored?.hasEabHmacKey ? { eabKeyId, eabHmacKey: null } : { eabKeyId };
}

/** What the form says, in the words of the route. */
export function authorityFrom(form: FormData, stored: CertificateAuthority | null): JsonObject {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const given: CertificateAuthorityChange = {
    name: text('name'),
    ...(stored?.builtIn ? {} : { directoryUrl: text('directoryUrl') }),
    contactEmails: linesOf(text('contactEmails')),
    ...bindingFrom(text, stored),
    directoryRootsPem: text('directoryRootsPem') || null,
    issuedRootsPem: text('issuedRootsPem') || null,
  };
  const agrees = form.get('termsAgreed') !== null;
  if (stored && agrees !== (stored.termsAgreedAt !== null)) given.termsAgreed = agrees;
  if (form.get('isDefault') !== null) given.isDefault = true;
  return given as JsonObject;
}

const same = (one: unknown, other: unknown): boolean => {
  const plain = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
};

/** Of that, what differs from what is stored. */
export function authorityChange(given: JsonObject, stored: CertificateAuthority): JsonObject {
  const known: Partial<Record<string, unknown>> = { ...stored };
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => !same(known[name], value)));
}
