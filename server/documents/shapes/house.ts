/** What the server says of itself, and how it says no. */
import type { Transport } from '../../realtime/transport.js';
import { durationMs, flag, list, oneOf, record, ref, text, whole, type Schema } from '../words.js';

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
  Drain: record<{ event: string; retryAfterMs: number }>('The server is about to stop.', {
    event: text('Always server:drain.', { const: 'server:drain' }),
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
