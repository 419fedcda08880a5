/** Why a renewal is refused or fails: each code with its usual sentence and what the person can do. */
import type { OperationCode } from '../../../server/operations/errors.js';
import type { InstallFailure } from '../../../server/platforms/contract.js';

/** Over HTTP, with 422, before anything is stored or asked for. */
export const refusals = {
  CERTIFICATE_UNSUPPORTED: {
    sentence: 'No certificate can be installed on this platform.',
    hint: 'Choose the platform that the host really is.',
    retryable: false,
  },
  CERTIFICATE_NOT_CONFIGURED: {
    sentence: 'The connection does not say which certificate is wanted.',
    hint: 'Have an admin enter names, CA and challenge in the connection’s certificate settings.',
    retryable: false,
  },
} as const satisfies Record<string, OperationCode>;

export type RefusalCode = keyof typeof refusals;

type ChainFailure =
  | 'CHALLENGE_UNSUPPORTED'
  | 'CHALLENGE_FAILED'
  | 'PROPAGATION_NOT_SEEN'
  | 'CSR_NAMES_DIFFER'
  | 'CSR_FAILED'
  | 'ORDER_INVALID'
  | 'ORDER_NOT_ISSUED'
  | 'CHAIN_WRONG'
  | 'RESTART_FAILED'
  | 'INSTALLED_NOT_SERVED'
  | 'PREFLIGHT_FAILED';

export type Failure = ChainFailure | InstallFailure;

const install = {
  INSTALL_SETTINGS_MISSING: {
    sentence: 'The connection lacks a setting that the installation needs.',
    hint: 'Have an admin complete the connection’s certificate settings.',
    retryable: false,
  },
  INSTALL_NOT_PERMITTED: {
    sentence: 'The account may not install the certificate.',
    hint: 'Give it the right on the machine, then retry: the certificate is kept, nothing is ordered again.',
    retryable: false,
  },
  INSTALL_TLS_UNTRUSTED: {
    sentence: 'The machine’s own TLS is neither verified nor pinned.',
    hint: 'Compare the fingerprint on the machine, then have an admin pin it in the certificate settings.',
    retryable: false,
  },
  INSTALL_CA_MISSING: {
    sentence: 'The machine does not trust the CA of the certificate.',
    hint: 'Upload the CA’s root to the trust store of the service on the machine, then retry.',
    retryable: false,
  },
  INSTALL_STALE_CSR: {
    sentence: 'The machine made another request meanwhile, so the certificate no longer fits.',
    hint: 'Renew again: a new request and a new certificate are needed.',
    retryable: true,
  },
  INSTALL_NAMES_DIFFER: {
    sentence: 'The names of the request and of the certificate differ.',
    hint: 'Enter exactly the names that the machine puts into its request.',
    retryable: false,
  },
  INSTALL_DISK_FULL: {
    sentence: 'The disk of the machine is full.',
    hint: 'Make room there, then retry: the certificate is kept, nothing is ordered again.',
    retryable: true,
  },
  INSTALL_TEST_FAILED: {
    sentence: 'The machine’s own check refused the new files; the old ones are back.',
    hint: 'Mend the configuration on the machine, then retry: nothing is ordered again.',
    retryable: false,
  },
  INSTALL_RELOAD_FAILED: {
    sentence: 'The reload failed; the old files are back.',
    hint: 'See what the machine said, mend it there, then retry: nothing is ordered again.',
    retryable: false,
  },
  INSTALL_UNREACHABLE: {
    sentence: 'The machine cannot be reached.',
    hint: 'Check that it is up, then retry: the certificate is kept, nothing is ordered again.',
    retryable: true,
  },
  INSTALL_FAILED: {
    sentence: 'The machine refused the certificate.',
    hint: 'See what it said, then retry: the certificate is kept, nothing is ordered again.',
    retryable: true,
  },
} as const satisfies Record<InstallFailure, OperationCode>;

const chain = {
  CHALLENGE_UNSUPPORTED: {
    sentence: 'The CA does not offer the chosen challenge for a name.',
    hint: 'Choose dns-01 for wildcards; see which challenges the CA supports.',
    retryable: false,
  },
  CHALLENGE_FAILED: {
    sentence: 'The CA could not validate a name.',
    hint: 'See what the CA looked at and found, mend that, then retry.',
    retryable: true,
  },
  PROPAGATION_NOT_SEEN: {
    sentence: 'Not every name server showed the record in time.',
    hint: 'See in the log which one lags; the CA was not asked, so nothing of its limits is used up.',
    retryable: true,
  },
  CSR_NAMES_DIFFER: {
    sentence: 'The machine’s request has other names than the certificate is wanted for.',
    hint: 'Enter exactly the names that the machine puts into its request.',
    retryable: false,
  },
  CSR_FAILED: {
    sentence: 'The request for the certificate could not be made.',
    hint: 'See in the log what the machine said, then retry.',
    retryable: true,
  },
  ORDER_INVALID: {
    sentence: 'The CA has given up the order.',
    hint: 'See why, mend that, then renew again: a new order is made.',
    retryable: true,
  },
  ORDER_NOT_ISSUED: {
    sentence: 'The CA did not issue the certificate in time.',
    hint: 'Retry later: the order goes on where it stands.',
    retryable: true,
  },
  CHAIN_WRONG: {
    sentence: 'The issued certificate is not the one that was asked for.',
    hint: 'It was not installed. Look at the CA’s profile and at its own log.',
    retryable: false,
  },
  RESTART_FAILED: {
    sentence: 'The certificate is installed, but the service was not restarted.',
    hint: 'See why in the restart’s own entry, then retry: nothing is ordered again.',
    retryable: true,
  },
  INSTALLED_NOT_SERVED: {
    sentence: 'The certificate is installed, but it is not served.',
    hint: 'See what is served instead, and by which endpoint; a retry looks and restarts, and orders nothing.',
    retryable: true,
  },
  PREFLIGHT_FAILED: {
    sentence: 'Some checks failed; nothing was ordered.',
    hint: 'Mend what failed, then check again.',
    retryable: true,
  },
} as const satisfies Record<ChainFailure, OperationCode>;

/** On the operation's row, beside those of the CA and of the DNS provider. */
export const failures = { ...chain, ...install } satisfies Record<Failure, OperationCode>;
