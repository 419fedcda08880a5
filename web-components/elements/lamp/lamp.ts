import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { Operation } from '../../client/contract.js';

/** The shapes that a lamp can have; the colour only repeats what the shape says. */
export type Aspect =
  | 'idle'
  | 'pending'
  | 'running'
  | 'turning'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'due'
  | 'stale'
  | 'locked'
  | 'live';

const colours: Record<Aspect, string> = {
  idle: 'idle',
  pending: '',
  running: 'taken',
  turning: 'taken',
  completed: 'clear',
  failed: 'stop',
  cancelled: '',
  due: 'caution',
  stale: 'caution',
  locked: '',
  live: 'clear',
};

const ring = svg`<circle class="under" cx="8" cy="8" r="6.25" stroke="currentColor" stroke-width="1.5"/>`;
const halo = svg`<circle class="under" cx="8" cy="8" r="7.5"/>
  <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1" opacity=".5"/>
  <circle cx="8" cy="8" r="2.25" fill="currentColor"/>`;

function arc(percent: number): SVGTemplateResult {
  return svg`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="3" pathLength="100"
    transform="rotate(-90 8 8)" stroke-dasharray="${percent} 100"/>`;
}

const shapes: Record<Aspect, (percent: number) => SVGTemplateResult> = {
  idle: () => svg`<circle class="under" cx="8" cy="8" r="4.25" stroke="currentColor" stroke-width="1.5"/>`,
  pending: () => svg`${ring}<circle cx="8" cy="8" r="2" fill="currentColor"/>`,
  running: (percent) => svg`${halo}${arc(percent)}`,
  turning: () =>
    svg`${halo}<circle class="turn" cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="3"
      pathLength="100" stroke-dasharray="28 100"/>`,
  completed: () =>
    svg`<circle cx="8" cy="8" r="7" fill="currentColor"/><path class="hole" d="M4.8 8.3l2.2 2.2 4.2-4.6"
      stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/>`,
  failed: () =>
    svg`<rect x="1" y="1" width="14" height="14" rx="2.5" fill="currentColor"/><path class="hole"
      d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6" stroke-width="1.75" stroke-linecap="round"/>`,
  cancelled: () => svg`${ring}<path d="M4.8 8h6.4" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>`,
  due: () =>
    svg`<path d="M8 1.6l6.9 12a.6.6 0 0 1-.5.9H1.6a.6.6 0 0 1-.5-.9z" fill="currentColor"/><path class="hole"
      d="M8 6v3.6" stroke-width="1.75" stroke-linecap="round"/><circle class="dot" cx="8" cy="12" r="1"/>`,
  stale: () =>
    svg`<circle class="under" cx="8" cy="8" r="6.25" stroke="currentColor" stroke-width="1.75" pathLength="80"
      stroke-dasharray="5 5"/>`,
  locked: () =>
    svg`<rect x="2.5" y="7" width="11" height="7.5" rx="1.5" fill="currentColor"/><path d="M5 7V5a3 3 0 0 1 6 0v2"
      fill="none" stroke="currentColor" stroke-width="1.6"/>`,
  live: () => svg`<circle cx="8" cy="8" r="4.5" fill="currentColor"/>`,
};

export interface LampOptions {
  percent?: number;
  /** Read to people who can't see the shape; without it the lamp is decoration beside a word. */
  label?: string;
}

/** One lamp, for a shadow root or page that has `lampStyles`. */
export function lamp(aspect: Aspect, { percent = 0, label }: LampOptions = {}): TemplateResult {
  return html`<svg
    class="lamp ${colours[aspect]}"
    viewBox="0 0 16 16"
    role=${label ? 'img' : nothing}
    aria-label=${label ?? nothing}
    aria-hidden=${label ? nothing : 'true'}
  >
    ${shapes[aspect](percent)}
  </svg>`;
}

/** The aspect that an operation's status shows; without steps or progress a running one turns. */
export function aspectOf(operation: Pick<Operation, 'status' | 'progress'>): Aspect {
  if (operation.status === 'in_progress') return operation.progress > 0 ? 'running' : 'turning';
  return operation.status;
}
