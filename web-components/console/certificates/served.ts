/** What the endpoints of a connection served when they were looked at last. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CertificateView, ServedCertificate } from '../../../server/certificates/contract.js';
import { customProperties } from '../../elements/custom-properties.js';
import { when } from '../../elements/moments.js';
import { type Aspect, lamp } from '../../elements/lamp/lamp.js';
import type { PlatformCertificateChoice } from '../platform.js';
import { commonName, leftSentence, momentHere, pairs } from './words.js';

type Look = CertificateView['served'][number];

/** Endpoints that show the very same thing are one. */
export interface Sight extends Omit<Look, 'endpoint'> {
  endpoints: string[];
}

const mostNames = 6;

export function sightsOf(looks: readonly Look[]): Sight[] {
  const sights = new Map<string, Sight>();
  for (const { endpoint, ...look } of looks) {
    const { certificate, failure } = look;
    const key = certificate ? `${certificate.fingerprint256} ${certificate.trustError}` : `${endpoint} ${failure}`;
    const sight = sights.get(key) ?? { ...look, endpoints: [] };
    sights.set(key, { ...sight, endpoints: [...sight.endpoints, endpoint] });
  }
  return [...sights.values()];
}

const spanMs = ({ notBefore, notAfter }: ServedCertificate): number => Date.parse(notAfter) - Date.parse(notBefore);

/** How much of the lifetime has passed by then, 0–1. */
function usedAt(certificate: ServedCertificate, at: number): number {
  const used = (at - Date.parse(certificate.notBefore)) / spanMs(certificate);
  return Math.min(1, Math.max(0, used));
}

/** In one word how it stands, the worst first. */
export function verdictOf({ certificate }: Sight, now: number): [Aspect, string] {
  if (!certificate) return ['failed', 'not reached'];
  if (Date.parse(certificate.notAfter) <= now) return ['failed', 'expired'];
  if (Date.parse(certificate.notBefore) > now) return ['failed', 'not valid yet'];
  if (!certificate.trusted) return ['failed', 'not trusted'];
  if (certificate.missingNames.length > 0) return ['failed', 'names missing'];
  if (usedAt(certificate, now) > 2 / 3) return ['due', leftSentence(certificate.notAfter, now)];
  return ['completed', 'trusted'];
}

/** The worst of all, for the head of the card; null where nothing was looked at. */
export function worstOf(sights: readonly Sight[], now: number): [Aspect, string] | null {
  const verdicts = sights.map((sight) => verdictOf(sight, now));
  const order: Aspect[] = ['failed', 'due', 'completed'];
  for (const aspect of order) {
    const found = verdicts.find(([one]) => one === aspect);
    if (found) return found;
  }
  return null;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** Its lifetime as a line, with a mark where the renewal is planned. */
function life(certificate: ServedCertificate, runsAt: string | null, now: number): TemplateResult {
  const days = Math.round(spanMs(certificate) / 86_400_000);
  const used = usedAt(certificate, now);
  const at = Date.parse(runsAt ?? '');
  const planned = at > now && at < Date.parse(certificate.notAfter) ? usedAt(certificate, at) : null;
  const words = `${Math.floor(used * days)} of ${days} days used${planned === null ? '' : `, renewal planned at day ${Math.floor(planned * days)}`}`;
  return html`<span class="track life" role="img" aria-label=${words} ${customProperties({ '--p': percent(used) })}
    ><i></i>${
      planned === null ? nothing : html`<b class="ahead" ${customProperties({ '--at': percent(planned) })}></b>`
    }</span
  >`;
}

function trust(sight: Sight, certificate: ServedCertificate, now: number): TemplateResult {
  const [aspect, word] = verdictOf(sight, now);
  const why = certificate.trusted ? null : certificate.trustError;
  const lacks = certificate.missingNames.length > 0 ? `It lacks ${certificate.missingNames.join(', ')}.` : null;
  return html`${lamp(aspect === 'due' ? 'completed' : aspect)} ${aspect === 'due' ? 'trusted' : word}
  ${[why, lacks].map((sentence) => (sentence ? html`<br />${sentence} ` : nothing))}`;
}

function namesOf({ names }: ServedCertificate): string {
  const more = names.length - mostNames;
  return more > 0 ? `${names.slice(0, mostNames).join('\n')}\nand ${more} more` : names.join('\n');
}

export interface SightParts {
  keyBy: PlatformCertificateChoice['keyBy'];
  runsAt: string | null;
  now: number;
}

function seen(sight: Sight, certificate: ServedCertificate, { keyBy, runsAt, now }: SightParts): TemplateResult {
  const left = leftSentence(certificate.notAfter, now);
  const expired = Date.parse(certificate.notAfter) <= now;
  return html`<div>
      <p class="days ${expired ? 't-stop' : ''}">${left.charAt(0).toUpperCase()}${left.slice(1)}</p>
      <p class="soft">${expired ? 'ended on' : 'until'} ${momentHere(certificate.notAfter)}</p>
    </div>
    ${life(certificate, runsAt, now)}
    <dl class="facts sm">
      <dt>Served at</dt>
      <dd class="mono">${sight.endpoints.join('\n')}</dd>
      <dt>Names</dt>
      <dd class="mono">${namesOf(certificate)}</dd>
      <dt>Issuer</dt>
      <dd>${commonName(certificate.issuer)}</dd>
      <dt>Chain</dt>
      <dd class="flow">${trust(sight, certificate, now)}</dd>
      <dt>Key</dt>
      <dd>${certificate.key}${keyBy === 'device' ? ', made on the device' : ''}</dd>
      <dt>Serial</dt>
      <dd class="mono">${pairs(certificate.serialNumber)}</dd>
      <dt>Seen</dt>
      <dd>${when(sight.seenAt, now)}</dd>
    </dl>`;
}

/** One certificate and where it is served, or why nothing was seen there. */
export function sightTemplate(sight: Sight, parts: SightParts): TemplateResult {
  if (sight.certificate) return html`<div class="stack sight">${seen(sight, sight.certificate, parts)}</div>`;
  return html`<div class="notice sight">
    ${lamp('failed')}
    <p class="strong"><span class="mono">${sight.endpoints.join(', ')}</span> was not reached</p>
    <p>${sight.failure}</p>
    <p class="muted sm">Looked at ${when(sight.seenAt, parts.now)}</p>
  </div>`;
}
