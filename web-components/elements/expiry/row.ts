import { html, nothing, type TemplateResult } from 'lit';
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import { customProperties } from '../custom-properties.js';
import { type Aspect, aspectOf as aspectOfRun, lamp } from '../lamp/lamp.js';
import { type Axis, endOf, percentOf } from './axis.js';
import { type ExpiryLine, isWaiting, type Standing } from './line.js';
import { labelOf, spokenOf } from './words.js';

/** How a row leads to its connection. */
export interface Opening {
  /** Where the connection is shown; null: the host page decides when it hears of the click. */
  hrefOf(id: number): string | null;
  open(event: Event, id: number): void;
}

/** A label that says more than how long it lives has no room behind a stop that is farther on. */
const longLabelUpTo = 52;

const colours: Partial<Record<Standing, string>> = {
  expired: 'stop',
  failed: 'stop',
  wrong: 'caution',
  unplanned: 'caution',
  renewing: 'taken',
};

/** Whether the label says more than how long it lives. */
const hasClause = ({ standing, amiss }: ExpiryLine): boolean => standing !== 'calm' || amiss !== null;

const percent = (value: number): string => `${value.toFixed(2)}%`;

/** The lamp of what is the matter with a certificate now; null where all is well. */
export function aspectOf({ standing, renewal }: ExpiryLine): Aspect | null {
  if (standing === 'renewing') return renewal && aspectOfRun(renewal);
  if (standing === 'failed' || standing === 'expired') return 'failed';
  return standing === 'calm' ? null : 'due';
}

/** The lamp on the rail: what happens to the certificate, at the moment when it does. */
function markOf(line: ExpiryLine, axis: Axis): [Aspect, number] | null {
  const now = aspectOf(line);
  if (now !== null) return [now, axis.now];
  const { plannedAt } = line;
  return plannedAt === null || plannedAt > endOf(axis) ? null : ['pending', plannedAt];
}

function rail(line: ExpiryLine, axis: Axis): TemplateResult {
  const { endsAt, renewal } = line;
  const isBeyond = endsAt !== null && endsAt > endOf(axis);
  const end = endsAt === null ? 0 : percentOf(axis, endsAt);
  const mark = markOf(line, axis);
  const label = labelOf(line, axis.now, isBeyond);
  const classes = [
    (isWaiting(line) ? null : colours[line.standing]) ?? 'calm',
    isBeyond ? 'beyond' : endsAt === null ? 'unknown' : '',
    hasClause(line) && end > longLabelUpTo ? 'under' : '',
  ];
  return html`<span
    class="rail ${classes.filter(Boolean).join(' ')}"
    part="rail"
    ${customProperties({ '--end': percent(end), '--x': percent(mark ? percentOf(axis, mark[1]) : 0) })}
    ><i class="line"></i><i class="buffer"></i>${mark ? lamp(mark[0], { percent: renewal?.progress ?? 0 }) : nothing}<em
      part="label"
      ><bdi>${label}</bdi></em
    ></span
  >`;
}

/** The connection's name, which leads there. */
export function nameOf({ connection }: CertificateSummary, { hrefOf, open }: Opening): TemplateResult {
  const { id, name } = connection;
  const href = hrefOf(id);
  const click = (event: Event): void => open(event, id);
  if (href === null) return html`<button type="button" class="name" @click=${click}><bdi>${name}</bdi></button>`;
  return html`<a class="name" href=${href} @click=${click}><bdi>${name}</bdi></a>`;
}

/** One certificate: its name, its rail, and in words what the rail shows. */
export function row(line: ExpiryLine, axis: Axis, opening: Opening): TemplateResult {
  return html`<li class=${line.standing} part="row">
    ${nameOf(line.certificate, opening)} ${rail(line, axis)}
    <span class="vh"><bdi>${spokenOf(line, axis.now)}</bdi></span>
  </li>`;
}
