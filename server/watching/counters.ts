/** What is counted, so that abuse and trouble can be watched; served by GET /metrics. */
import { Counter, Gauge, Registry } from 'prom-client';

export interface Counters {
  registry: Registry;
  refusedLogins: Counter<'reason'>;
  refusedTokens: Counter<'reason'>;
  refusedFrames: Counter<'reason'>;
  refusedSubscriptions: Counter<'reason'>;
  refusedStarts: Counter<'reason'>;
  duplicatesPrevented: Counter<'type'>;
  operationsEnded: Counter<'type' | 'status'>;
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
  const gauge = (name: string, help: string) => new Gauge({ name: `signalbox_${name}`, help, registers });
  return {
    registry,
    refusedLogins: counter('refused_logins_total', 'Sign-ins that were refused.', 'reason'),
    refusedTokens: counter('refused_tokens_total', 'Tokens that were refused.', 'reason'),
    refusedFrames: counter('refused_frames_total', 'Socket messages that were refused.', 'reason'),
    refusedSubscriptions: counter('refused_subscriptions_total', 'Subscriptions that were refused.', 'reason'),
    refusedStarts: counter('refused_starts_total', 'Starts that were refused by a limit.', 'reason'),
    duplicatesPrevented: counter('duplicates_prevented_total', 'Starts that joined a running operation.', 'type'),
    operationsEnded: counter('operations_ended_total', 'Operations that ended.', 'type', 'status'),
    notModified: counter('not_modified_total', 'Polls answered with 304.'),
    sockets: gauge('sockets', 'Open sockets.'),
    subscriptions: gauge('subscriptions', 'Live subscriptions.'),
    slowSockets: counter('slow_sockets_total', 'Sockets ended because they did not read.'),
  };
}
