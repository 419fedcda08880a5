/** What the server counts, as figures with what they mean. */
import { countsBy, type Sample, sumOf } from './samples.js';

export interface Figure {
  title: string;
  metric: string;
  value: number | null;
  words: string;
  /** What it is made of, where that is known. */
  parts: readonly [name: string, count: number][];
}

interface Named {
  title: string;
  metric: string;
  words: string;
  label?: string;
}

/** Whatever else than 0 is a defect of ours. */
export const STUCK = 'signalbox_operations_stuck';

const kept: readonly Named[] = [
  {
    title: 'Stuck operations',
    metric: STUCK,
    words: 'Active on any server, run by none, and not settled in time. There is never one.',
  },
  {
    title: 'Duplicates prevented',
    metric: 'signalbox_duplicates_prevented_total',
    words: 'Starts that joined what was already running. Nothing ran twice.',
    label: 'type',
  },
  {
    title: 'Polls answered with 304',
    metric: 'signalbox_not_modified_total',
    words: 'Nothing had changed, so nothing was sent.',
  },
];

const open: readonly Named[] = [
  { title: 'Sockets', metric: 'signalbox_sockets', words: 'Pages and programs that are connected now.' },
  { title: 'Subscriptions', metric: 'signalbox_subscriptions', words: 'What they follow now.' },
  {
    title: 'Slow readers',
    metric: 'signalbox_slow_sockets_total',
    words: 'Sockets that were ended because they did not read.',
  },
];

const refused: readonly Named[] = [
  {
    title: 'Sign-ins',
    metric: 'signalbox_refused_logins_total',
    words: 'A wrong password, or too many of them.',
    label: 'reason',
  },
  {
    title: 'Tokens',
    metric: 'signalbox_refused_tokens_total',
    words: 'Ended, revoked, or never ours.',
    label: 'reason',
  },
  {
    title: 'Socket messages',
    metric: 'signalbox_refused_frames_total',
    words: 'Of another form, too large, or too many.',
    label: 'reason',
  },
  {
    title: 'Subscriptions',
    metric: 'signalbox_refused_subscriptions_total',
    words: 'To what the caller may not see, or too many.',
    label: 'reason',
  },
  {
    title: 'Starts',
    metric: 'signalbox_refused_starts_total',
    words: 'By a limit on how much may be started.',
    label: 'reason',
  },
];

const figureOf =
  (samples: readonly Sample[]) =>
  ({ title, metric, words, label }: Named): Figure => ({
    ...{ title, metric, words, value: sumOf(samples, metric) },
    parts: label === undefined ? [] : countsBy(samples, metric, label),
  });

export interface Figures {
  kept: Figure[];
  open: Figure[];
  refused: Figure[];
  /** When the counting began, ms since the epoch; null: the server does not say. */
  since: number | null;
}

/** A counter with labels that never counted has no sample yet: that is 0. A server that lacks the metric shows no figure for it. */
export function figuresOf(samples: readonly Sample[]): Figures {
  const figure = figureOf(samples);
  const started = sumOf(samples, 'signalbox_start_time_seconds');
  return {
    kept: kept.map(figure),
    open: open.map(figure),
    refused: refused.map(figure),
    since: started === null ? null : started * 1000,
  };
}
