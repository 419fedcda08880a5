/** The sections of the form of certificate settings. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CertificateAuthority } from '../../../server/authorities/contract.js';
import type { CertificateSettings, ChallengeKind, KeyKind } from '../../../server/certificates/contract.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { DnsCredential } from '../../../server/dns/contract.js';
import { field, select } from '../field.js';
import type { PlatformCertificateChoice } from '../platform.js';
import { settingFields } from '../settings/setting-fields.js';
import type { Setting } from '../settings/setting.js';
import { timeOfCron } from './certificate-payload.js';
import { checkField } from './check-field.js';
import { endpointText } from './endpoint-lines.js';

/** What the form asks for. */
export interface Asked {
  connection: Connection;
  stored: CertificateSettings | null;
  place: PlatformCertificateChoice;
  /** How it is installed, as the platform describes it. */
  install: readonly Setting[];
  authorities: readonly CertificateAuthority[];
  credentials: readonly DnsCredential[];
  /** The one that is chosen now. */
  challenge: ChallengeKind;
  errors: Record<string, string>;
}

const challenges: Record<ChallengeKind, { label: string; hint: string }> = {
  'http-01': {
    label: 'Signalbox answers over HTTP (http-01)',
    hint: 'Port 80 of each name has to lead to Signalbox, at least for /.well-known/acme-challenge/.',
  },
  'http-01-host': {
    label: 'A file on the host (http-01)',
    hint: 'Signalbox places a file in the host’s own web root, and takes it away again.',
  },
  'dns-01': {
    label: 'A DNS record (dns-01)',
    hint: 'Works without port 80, and is the only way for names that begin with *.',
  },
};

const keys: { value: KeyKind; label: string }[] = [
  { value: 'ecdsa-p256', label: 'ECDSA P-256' },
  { value: 'ecdsa-p384', label: 'ECDSA P-384' },
  { value: 'rsa-2048', label: 'RSA 2048' },
  { value: 'rsa-3072', label: 'RSA 3072' },
  { value: 'rsa-4096', label: 'RSA 4096' },
];

const isDnsName = (hostname: string): boolean => /[a-z]/i.test(hostname) && !hostname.includes(':');

function authorityOptions(authorities: readonly CertificateAuthority[]): { value: string; label: string }[] {
  const named = ({ name, termsAgreedAt }: CertificateAuthority): string =>
    termsAgreedAt === null ? `${name}, terms not agreed to` : name;
  const byDefault = authorities.find(({ isDefault }) => isDefault);
  return [
    { value: '', label: `The default one${byDefault ? `: ${named(byDefault)}` : ''}` },
    ...authorities.map((authority) => ({ value: String(authority.id), label: named(authority) })),
  ];
}

export function wanted({ connection, stored, authorities, errors }: Asked): TemplateResult {
  const { hostname } = connection;
  return html`<h2 id="wanted">What is wanted</h2>
    ${field({
      ...{ name: 'names', label: 'Names', rows: 4, error: errors['names'] },
      value: (stored?.names ?? (isDnsName(hostname) ? [hostname] : [])).join('\n'),
      hint: 'DNS names, one a line; the first one is the subject. *.example.org stands for every name beneath it.',
    })}
    ${select(
      {
        ...{ name: 'authorityId', label: 'Certificate authority', error: errors['authorityId'] },
        hint: 'An admin has to agree to its terms on the page “Authorities” before it issues anything.',
      },
      authorityOptions(authorities),
      String(stored?.authorityId ?? ''),
    )}`;
}

function credential({ stored, credentials, errors }: Asked): TemplateResult {
  const options = credentials.map(({ id, name }) => ({ value: String(id), label: name }));
  if (options.length === 0)
    return html`<p class="soft ${errors['dnsCredentialId'] ? 'error' : ''}">
      There is no DNS credential yet. <a href="#/dns-credentials">Add one</a>, then come back.
    </p>`;
  return select(
    { name: 'dnsCredentialId', label: 'DNS credential', error: errors['dnsCredentialId'], hint: 'It sets the record.' },
    options,
    String(stored?.dnsCredentialId ?? ''),
  );
}

export function proof(asked: Asked): TemplateResult {
  const { place, challenge, errors } = asked;
  const kinds = (Object.keys(challenges) as ChallengeKind[]).filter(
    (kind) => kind !== 'http-01-host' || place.placesChallenge || kind === challenge,
  );
  return html`<h2 id="proof">How the names are proven</h2>
    ${select(
      { name: 'challenge', label: 'Challenge', error: errors['challenge'], hint: challenges[challenge].hint },
      kinds.map((kind) => ({ value: kind, label: challenges[kind].label })),
      challenge,
    )}
    ${challenge === 'dns-01' ? credential(asked) : nothing}`;
}

export function key({ stored, place, errors }: Asked): TemplateResult {
  const device = place.keyBy === 'device';
  const chosen = stored?.key ?? 'ecdsa-p256';
  if (device)
    return html`<h2 id="key-title">Key</h2>
      ${select(
        {
          ...{ name: 'key', label: 'Length', error: errors['key'] },
          hint: 'The device makes the key itself, and it never leaves it.',
        },
        [
          { value: 'ecdsa-p256', label: 'What the device usually takes' },
          ...keys.filter(({ value }) => value.startsWith('rsa')),
        ],
        chosen.startsWith('rsa') ? chosen : 'ecdsa-p256',
      )}`;
  return html`<h2 id="key-title">Key</h2>
    ${select(
      {
        ...{ name: 'key', label: 'Kind', error: errors['key'] },
        hint: 'Signalbox makes it, keeps it sealed, and places it on the host.',
      },
      keys,
      chosen,
    )}
    ${checkField({
      ...{ name: 'reuseKey', label: 'Keep the key when it renews', checked: stored?.reuseKey ?? false },
      hint: 'Only where something is pinned to the key; a new one each time is safer.',
      error: errors['reuseKey'],
    })}`;
}

export function delivery({ connection, stored, place, install, errors }: Asked): TemplateResult {
  const whole = errors['install'];
  const usual = place.ports.length > 0 ? ` Empty: ${place.ports.join(' and ')} of ${connection.hostname}.` : '';
  return html`<h2 id="delivery">Where it goes</h2>
    ${field({
      ...{ name: 'endpoints', label: 'Served at', rows: 3, error: errors['endpoints'] },
      value: endpointText(stored?.endpoints ?? []),
      hint: `Where it has to be seen in the end, one a line: a port, or host:port, and the name in the handshake behind it where that is another one.${usual}`,
    })}
    ${settingFields({ settings: install, values: stored?.install ?? {}, errors, locked: false })}
    ${whole ? html`<p class="error" tabindex="-1" aria-invalid="true">${whole}</p>` : nothing}`;
}

/** All zones that the browser knows, and the stored one. */
function zones(stored: string): { value: string; label: string }[] {
  const all = [...new Set([stored, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();
  return all.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
}

const zoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

export function renewal({ stored, errors }: Asked): TemplateResult {
  const { automatic = true, cron = '', timeZone = zoneHere() } = stored?.renewal ?? {};
  const time = timeOfCron(cron);
  const other = time ? '' : cron;
  return html`<h2 id="renewal">Renewal</h2>
    ${checkField({
      ...{ name: 'automatic', label: 'Renew by itself', checked: automatic, error: errors['automatic'] },
      hint: 'When the CA suggests it, else when a third of the lifetime is left.',
    })}
    <div class="pair">
      ${select({ name: 'timeZone', label: 'Time zone', error: errors['timeZone'] }, zones(timeZone), timeZone)}
      ${field({ name: 'time', label: 'Time of day', type: 'time', value: time })}
    </div>
    <p class="hint">A due renewal waits for this time. Empty: a minute from 02:00 to 05:59 that Signalbox chooses.</p>
    <details ?open=${Boolean(other || errors['cron'] || errors['profile'] || errors['preferredChain'])}>
      <summary>More</summary>
      <div class="stack">
        ${field({
          ...{ name: 'cron', label: 'Cron expression', value: other, error: errors['cron'], mono: true },
          hint: 'Five fields, in the time zone above; it counts instead of the time of day.',
        })}
        ${field({
          ...{ name: 'profile', label: 'Profile', value: stored?.profile ?? '', error: errors['profile'], mono: true },
          hint: 'Of the CA’s certificate profiles; empty: its default.',
        })}
        ${field({
          ...{ name: 'preferredChain', label: 'Preferred chain', value: stored?.preferredChain ?? '' },
          hint: 'The common name of the topmost issuer, where the CA offers several chains.',
          error: errors['preferredChain'],
        })}
      </div>
    </details>`;
}
