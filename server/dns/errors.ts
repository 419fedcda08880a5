/** Every code that a DNS provider, or a look at the DNS, can end with: what it means and what the person can do. */
import { OperationError, type OperationCode } from '../operations/errors.js';
import type { DnsCode } from './contract.js';

export const dnsCodes = {
  DNS_REFUSED: {
    sentence: 'The DNS provider refused the change.',
    hint: 'Check the DNS credential and what it may write.',
    retryable: false,
  },
  DNS_ZONE_UNKNOWN: {
    sentence: 'There is no zone for this name.',
    hint: 'Check how the name is written, and that the DNS credential belongs to the provider of its zone.',
    retryable: false,
  },
  DNS_UNREACHABLE: {
    sentence: 'The DNS server can’t be reached.',
    hint: 'Check its address, the route and the firewalls in between.',
    retryable: true,
  },
  DNS_FAILED: {
    sentence: 'The DNS server could not do it.',
    hint: 'See in the log what it answered.',
    retryable: true,
  },
} as const satisfies Record<DnsCode, OperationCode>;

export interface DnsErrorOptions {
  hint?: string;
  cause?: unknown;
}

/** A foreseen end; `message` replaces the table's sentence where more is known. */
export class DnsError extends OperationError {
  declare readonly code: DnsCode;

  constructor(code: DnsCode, message?: string, options: DnsErrorOptions = {}) {
    const { sentence, hint, retryable } = dnsCodes[code];
    super(code, message ?? sentence, { hint, retryable, ...options });
    this.name = 'DnsError';
  }
}

/** Whether a provider threw one of its agreed failures: an Error with a DnsCode as `code`. */
export function isDnsFailure(error: unknown): error is Error & { code: DnsCode; hint?: unknown } {
  return error instanceof Error && 'code' in error && Object.hasOwn(dnsCodes, String(error.code));
}
