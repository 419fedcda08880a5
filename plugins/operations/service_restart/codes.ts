/** Why a restart is refused or fails: each code with its usual sentence and what the person can do. */
import type { OperationCode } from '../../../server/operations/errors.js';
import type { RestartFailure } from '../../../server/platforms/contract.js';

/** Over HTTP, with 422, before anything is stored or sent. */
export const refusals = {
  SERVICE_RESTART_UNSUPPORTED: {
    sentence: 'Nothing can be restarted on this platform.',
    hint: 'Choose the platform that the host really is.',
    retryable: false,
  },
  SERVICE_REQUIRED: {
    sentence: 'The connection names no service to restart.',
    hint: 'Add the service to the connection’s services.',
    retryable: false,
  },
  SERVICE_NOT_ALLOWED: {
    sentence: 'The service is not among those that may be restarted here.',
    hint: 'Add it to the connection’s services, or choose one of them.',
    retryable: false,
  },
  SERVICE_NAME_INVALID: {
    sentence: 'No service on this platform can have this name.',
    hint: 'Write the name as the machine’s own list does.',
    retryable: false,
  },
} as const satisfies Record<string, OperationCode>;

export type RefusalCode = keyof typeof refusals;

/** On the operation's row. */
export const failures = {
  SERVICE_UNKNOWN: {
    sentence: 'The machine knows no service of this name.',
    hint: 'Write the name as the machine’s own list does. Nothing was sent.',
    retryable: false,
  },
  SERVICE_IN_TRANSITION: {
    sentence: 'The service is being restarted by somebody else.',
    hint: 'Wait until it has settled, then look whether a restart is still needed. Nothing was sent.',
    retryable: true,
  },
  SERVICE_NOT_PERMITTED: {
    sentence: 'The account may not restart the service.',
    hint: 'Allow it on the machine: as root, or by a rule for sudo without a password.',
    retryable: false,
  },
  SERVICE_RESTART_FAILED: {
    sentence: 'The machine refused the restart, or it ended with a failure.',
    hint: 'See what the machine said, mend it there, then retry.',
    retryable: true,
  },
  SERVICE_NOT_STARTED: {
    sentence: 'The service did not come back.',
    hint: 'Look at the service on the machine: it may be down.',
    retryable: true,
  },
  SERVICE_NOT_SERVING: {
    sentence: 'The service says that it runs, but what it serves cannot be reached.',
    hint: 'Look at the served port and at the service’s own log.',
    retryable: true,
  },
  SERVICE_SETTINGS_MISSING: {
    sentence: 'The connection lacks a setting that a restart needs.',
    hint: 'Have an admin complete the connection’s settings.',
    retryable: false,
  },
  OP_OUTCOME_UNKNOWN: {
    sentence: 'Whether the service was restarted can no longer be told.',
    hint: 'Look at the service on the machine first; restart it again only where it was not done.',
    retryable: false,
  },
} as const satisfies Record<RestartFailure, OperationCode>;
