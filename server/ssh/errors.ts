/** Every code that a session, or the way to one, can end with: what it means and what the person can do. */
import { OperationError, type OperationCode } from '../operations/errors.js';

const SLOW = 'Check that the host is up and not overloaded, then retry.';
const NETWORK = 'Check the hostname and port, the route and the firewalls in between.';

export const sshCodes = {
  SSH_NAME_NOT_FOUND: {
    sentence: 'The hostname has no address.',
    hint: 'Correct the hostname of the connection, or its entry in DNS.',
    retryable: false,
  },
  SSH_REFUSED: {
    sentence: 'The host refused the TCP connection.',
    hint: 'Check that an SSH server listens on this port.',
    retryable: true,
  },
  SSH_UNREACHABLE: { sentence: 'There is no way to the host.', hint: NETWORK, retryable: true },
  SSH_CONNECTION_LOST: { sentence: 'The connection to the host was lost.', hint: SLOW, retryable: true },
  SSH_TIMEOUT_RESOLVE: {
    sentence: 'The hostname was not resolved within the time limit.',
    hint: 'Check the name servers of the machine that runs Signalbox.',
    retryable: true,
  },
  SSH_TIMEOUT_TCP: {
    sentence: 'The host did not take the TCP connection within the time limit.',
    hint: NETWORK,
    retryable: true,
  },
  SSH_TIMEOUT_HOST_KEY: {
    sentence: 'The host did not show its key within the time limit.',
    hint: SLOW,
    retryable: true,
  },
  SSH_TIMEOUT_KEY_EXCHANGE: {
    sentence: 'The key exchange did not end within the time limit.',
    hint: SLOW,
    retryable: true,
  },
  SSH_TIMEOUT_AUTHENTICATE: {
    sentence: 'The host did not answer the sign-in within the time limit.',
    hint: 'Check the directory or RADIUS server that the host asks.',
    // The password may be on its way: another try could be the one that locks the account.
    retryable: false,
  },
  SSH_TIMEOUT_READY: {
    sentence: 'The host let us in but did not run a command within the time limit.',
    hint: 'Sign in by hand and see whether the shell comes up.',
    retryable: true,
  },
  SSH_TIMEOUT_COMMAND: {
    sentence: 'The command did not end within its time limit.',
    hint: 'See on the host whether it still runs.',
    retryable: false,
  },
  SSH_NOT_SSH: {
    sentence: 'What answers on this port does not speak SSH.',
    hint: 'Correct the port of the connection.',
    retryable: false,
  },
  SSH_NO_COMMON_ALGORITHM: {
    sentence: 'The two sides have no common algorithm.',
    hint: 'Enable a current algorithm on the host.',
    retryable: false,
  },
  SSH_KEY_EXCHANGE_FAILED: {
    sentence: 'The key exchange failed.',
    hint: 'Look into the SSH log of the host.',
    retryable: false,
  },
  SSH_HOST_KEY_UNPROVEN: {
    sentence: 'The host could not prove that it holds the key it shows.',
    hint: 'Somebody may stand in between; check the way to the host before you try again.',
    retryable: false,
  },
  SSH_HOST_KEY_CHANGED: {
    sentence: 'The host shows another key than the pinned one; no credential was sent.',
    hint: 'Compare the shown fingerprint with the host itself; accept it only when they are the same.',
    retryable: false,
  },
  SSH_AUTH_REFUSED: {
    sentence: 'The host refused the sign-in.',
    hint: 'Correct the username or the credentials; a refused password is never sent again.',
    retryable: false,
  },
  SSH_PASSWORD_EXPIRED: {
    sentence: 'The password has expired and the host asks for a new one.',
    hint: 'Change the password on the host, then enter the new one here.',
    retryable: false,
  },
  SSH_ACCOUNT_LOCKED: {
    sentence: 'The host says that the account is locked.',
    hint: 'Unlock the account on the host, or wait until the lock ends, then check the password.',
    retryable: false,
  },
  SSH_TOO_MANY_FAILURES: {
    sentence: 'The host ended the sign-in after too many failures.',
    hint: 'Correct the credentials, or raise the host’s limit of attempts where it is below 2.',
    retryable: false,
  },
  SSH_KEY_UNREADABLE: {
    sentence: 'The private key cannot be read.',
    hint: 'Enter a key in OpenSSH, PEM or PuTTY 2 form, with its passphrase where it has one.',
    retryable: false,
  },
  SSH_NO_CREDENTIALS: {
    sentence: 'The connection holds neither a password nor a private key.',
    hint: 'Enter a password or a private key for the connection.',
    retryable: false,
  },
  SSH_SHELL_NOT_READY: {
    sentence: 'The host let us in but does not run commands for this account.',
    hint: 'Check the account’s shell and what its SSH server allows it.',
    retryable: false,
  },
  SSH_SFTP_UNAVAILABLE: {
    sentence: 'The host let us in but offers no SFTP to this account.',
    hint: 'Enable the subsystem sftp of its SSH server, and see that the account’s shell writes nothing at sign-in.',
    retryable: false,
  },
  SSH_SFTP_REFUSED: {
    sentence: 'The host does not permit this account to touch the file.',
    hint: 'Give the account the rights to the file and its directory, or choose another account.',
    retryable: false,
  },
  SSH_SFTP_DISK_FULL: {
    sentence: 'The disk of the host is full.',
    hint: 'Make room on the host, then retry.',
    retryable: true,
  },
  SSH_SFTP_FAILED: {
    sentence: 'The host could not do this with the file.',
    hint: 'Check the path, and whether its directory is there.',
    retryable: false,
  },
  SSH_TEST_UNSUPPORTED: {
    sentence: 'The platform of this connection has no SSH test.',
    hint: 'Choose the platform that the host really is.',
    retryable: false,
  },
} as const satisfies Record<string, OperationCode>;

export type SshCode = keyof typeof sshCodes;

export interface SshErrorOptions {
  hint?: string;
  retryable?: boolean;
  cause?: unknown;
}

/** A foreseen end of a session, or of the way to one; `message` replaces the table's sentence where more is known. */
export class SshError extends OperationError {
  declare readonly code: SshCode;

  constructor(code: SshCode, message?: string, options: SshErrorOptions = {}) {
    const { sentence, hint, retryable } = sshCodes[code];
    super(code, message ?? sentence, { hint, retryable, ...options });
    this.name = 'SshError';
  }
}
