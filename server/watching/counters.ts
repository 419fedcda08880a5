/** What is counted, so that abuse and trouble can be watched; served by GET /metrics. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From a test of a second to a restart of an hour. */
const SECONDS = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

export interface Counters {
  registry: Registry;
  /** Asked before each reading: they set the gauges that nobody counts along the way. */
  measures: Set<() => Promise<void>>;
  refusedLogins: Counter<'reason'>;
  refusedTokens: Counter<'reason'>;
  refusedFrames: Counter<'reason'>;
  refusedSubscriptions: Counter<'reason'>;
  refusedStarts: Counter<'reason'>;
  duplicatesPrevented: Counter<'type'>;
  operationsEnded: Counter<'type' | 'status'>;
  operationSeconds: Histogram<'type' | 'status'>;
  operationFailures: Counter<'type' | 'code'>;
  operationsActive: Gauge<'status'>;
  operationsStuck: Gauge;
  polls: Counter;
  notModified: Counter;
  sockets: Gauge;
  subscriptions: Gauge;
  slowSockets: Counter;
}

/** A registry of its own for each server, so that two in one process (as in tests) count apart. */
export function makeCounters(): Counters {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Counter<L>({ name: `signalbox_${name}`, help, labelNames, registers });
  const gauge = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge<L>({ name: `signalbox_${name}`, help, labelNames, registers });
  const seconds = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Histogram<L>({ name: `signalbox_${name}`, help, labelNames, registers, buckets: SECONDS });
  gauge('start_time_seconds', 'When this process began to count, in seconds since 1970.').set(Date.now() / 1000);
  return {
    registry,
    measures: new Set(),
    refusedLogins: counter('refused_logins_total', 'Sign-ins that were refused.', 'reason'),
    refusedTokens: counter('refused_tokens_total', 'Tokens that were refused.', 'reason'),
    refusedFrames: counter('refused_frames_total', 'Socket messages that were refused.', 'reason'),
    refusedSubscriptions: counter('refused_subscriptions_total', 'Subscriptions that were refused.', 'reason'),
    refusedStarts: counter('refused_starts_total', 'Starts that were refused by a limit.', 'reason'),
    duplicatesPrevented: counter('duplicates_prevented_total', 'Starts that joined a running operation.', 'type'),
    operationsEnded: counter('operations_ended_total', 'Operations that ended.', 'type', 'status'),
    operationSeconds: seconds('operation_duration_seconds', 'How long operations took.', 'type', 'status'),
    operationFailures: counter('operation_failures_total', 'Operations that failed, by code.', 'type', 'code'),
    operationsActive: gauge('operations_active', 'Operations that wait or run now, on all nodes.', 'status'),
    operationsStuck: gauge('operations_stuck', 'Active operations that nobody runs and nobody settled; always 0.'),
    polls: counter('polls_total', 'Lists of operations that were asked for.'),
    notModified: counter('not_modified_total', 'Polls answered with 304.'),
    sockets: gauge('sockets', 'Open sockets.'),
    subscriptions: gauge('subscriptions', 'Live subscriptions.'),
    slowSockets: counter('slow_sockets_total', 'Sockets ended because they did not read.'),
  };
}
