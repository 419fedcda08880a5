/** What the server says of itself, and how it says no. */
import type { Farewell } from '../../realtime/farewell.js';
import type { Override, SettingsView, SwitchValues } from '../../switches/contract.js';
import type { Transport } from '../../realtime/transport.js';
import { durationMs, flag, list, moment, oneOf, orNull, record, ref, text, whole, type Schema } from '../words.js';

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  hint?: string;
  errors?: object[];
}

const check = (description: string): Schema => oneOf(['ok', 'failed'], description);

const switches = {
  realtime: oneOf(['on', 'off'], 'Whether pages get live updates over a WebSocket.'),
  realtimeRollout: whole('The share of users, in percent, who get the WebSocket.', { minimum: 0, maximum: 100 }),
};

const override = (value: Schema): Schema =>
  record<Override<unknown>>('What stands over the environment’s value.', {
    value,
    changedBy: text('The admin who changed it.'),
    changedAt: moment('When it was changed.'),
  });

export const houseShapes = {
  Problem: record<Problem>(
    'An error: an RFC 9457 problem document. Some codes add members of their own.',
    {
      type: text('A URN that ends with the code.'),
      title: text('The code in one sentence.'),
      status: whole('The HTTP status.'),
      detail: text('What happened this time.'),
      code: text('A stable code; see docs/errors.md.'),
      hint: text('What the person can do about it.'),
      errors: list(
        record<{ pointer: string; message: string }>('A field that was refused.', {
          pointer: text('Where it is, as a JSON pointer.'),
          message: text('What is wrong with it; never the refused value.'),
        }),
        'With VALIDATION_FAILED: each field that was refused.',
      ),
    },
    ['hint', 'errors'],
  ),
  Realtime: record<Transport>('How this caller should follow the operations.', {
    transport: oneOf(['websocket', 'polling'], 'How to follow them now.'),
    url: text('Where the WebSocket is.'),
    pollIntervalMs: durationMs('How long to wait between two polls.'),
  }),
  Settings: record<SettingsView>('The settings that an admin changes while the server runs.', {
    ...switches,
    environment: record<SwitchValues>('What counts where an admin has changed nothing.', switches),
    overrides: record<SettingsView['overrides']>('What an admin has changed; null: the environment’s value counts.', {
      realtime: orNull(override(switches.realtime)),
      realtimeRollout: orNull(override(switches.realtimeRollout)),
    }),
  }),
  Drain: record<{ event: Farewell; retryAfterMs: number }>('The socket is about to be closed.', {
    event: oneOf(['server:drain', 'realtime:off'], 'The server stops, or the live feed was switched off.'),
    retryAfterMs: durationMs('When to come back; another time for each client.'),
  }),
  Health: record<{ status: string }>('The process answers.', { status: text('Always ok.', { const: 'ok' }) }),
  ReadinessChecks: record<{ database: string; schema: string; draining: boolean }>('What was looked at.', {
    database: check('Whether the database answers.'),
    schema: check('Whether its schema is the newest.'),
    draining: flag('Whether the server is about to stop.'),
  }),
  Readiness: record<{ status: string; checks: object }>('Whether the server can take work.', {
    status: oneOf(['ready', 'not_ready'], 'The outcome of all checks.'),
    checks: ref('ReadinessChecks'),
  }),
};
