/** Every code that choosing a CA, its account or a DNS credential can end with. */
import { OperationError, type OperationCode } from '../operations/errors.js';

export const authorityCodes = {
  CA_UNKNOWN: {
    sentence: 'The CA of this connection no longer exists.',
    hint: 'Choose another CA in the certificate settings of the connection.',
    retryable: false,
  },
  CA_NOT_CHOSEN: {
    sentence: 'No CA is marked as the default.',
    hint: 'Ask an admin to make one the default, or choose one in the certificate settings of the connection.',
    retryable: false,
  },
  CA_TERMS_NOT_AGREED: {
    sentence: 'Nobody has agreed to the terms of service of this CA.',
    hint: 'Ask an admin to read them and to agree on the page of the CA.',
    retryable: false,
  },
  CA_CHANGED: {
    sentence: 'The CA was changed while its account was being registered.',
    hint: 'Retry when the changes are complete.',
    retryable: true,
  },
  CA_LIMIT_NEAR: {
    sentence: 'Another order for these names would come too near to the limit of the CA.',
    hint: 'Wait until then, or use the CA’s staging directory for trials.',
    retryable: true,
  },
  DNS_CREDENTIAL_UNKNOWN: {
    sentence: 'The DNS credential of this connection no longer exists.',
    hint: 'Choose another one in the certificate settings of the connection.',
    retryable: false,
  },
  DNS_CREDENTIAL_UNFIT: {
    sentence: 'The stored DNS credential no longer fits its provider.',
    hint: 'Enter its settings again.',
    retryable: false,
  },
  DNS_PROVIDER_UNKNOWN: {
    sentence: 'No plugin brings the DNS provider of this credential.',
    hint: 'Load the plugin that brings the provider, then retry.',
    retryable: false,
  },
} as const satisfies Record<string, OperationCode>;

export type AuthorityCode = keyof typeof authorityCodes;

/** A foreseen end; `message` replaces the table's sentence where more is known. */
export class AuthorityError extends OperationError {
  declare readonly code: AuthorityCode;

  constructor(code: AuthorityCode, message?: string, cause?: unknown) {
    const { sentence, hint, retryable } = authorityCodes[code];
    super(code, message ?? sentence, { hint, retryable, cause });
    this.name = 'AuthorityError';
  }
}
