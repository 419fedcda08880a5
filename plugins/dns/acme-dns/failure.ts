/** A failure of the contract. */
import type { DnsCode } from '../../../server/dns/contract.js';

export function failure(code: DnsCode, message: string, hint: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code, hint });
}
