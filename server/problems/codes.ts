/**
 * Every code that an HTTP answer can carry: its status, one sentence, and what the person can do.
 * docs/errors.md is generated from this table and from those of server/operations/errors.ts and server/ssh/errors.ts.
 */
import { dnsCodes } from '../dns/errors.js';
import type { OperationCode } from '../operations/errors.js';

export interface CodeEntry {
  status: number;
  sentence: string;
  hint: string | null;
}

/** What an operation fails with as well, over HTTP. */
const refusedBy = ({ sentence, hint }: OperationCode): CodeEntry => ({ status: 422, sentence, hint });

export const codes = {
  BAD_REQUEST: { status: 400, sentence: 'The request is not valid.', hint: null },
  VALIDATION_FAILED: {
    status: 400,
    sentence: 'The request is not valid.',
    hint: 'Correct the fields named in errors.',
  },
  INVALID_JSON: {
    status: 400,
    sentence: 'The body of the request is not valid JSON.',
    hint: 'Check quotes, commas and brackets.',
  },
  EMBED_ORIGIN_UNKNOWN: {
    status: 400,
    sentence: 'Pages of this origin cannot reach Signalbox.',
    hint: 'Ask an admin to add the origin to SIGNALBOX_ALLOWED_ORIGINS.',
  },
  EMBED_TYPE_UNKNOWN: {
    status: 400,
    sentence: 'No plugin brings this operation type.',
    hint: 'Choose types of GET /operations/types.',
  },
  AUTH_REQUIRED: {
    status: 401,
    sentence: 'You are not signed in.',
    hint: 'Sign in and send the token as a Bearer token.',
  },
  AUTH_INVALID_TOKEN: { status: 401, sentence: 'The token is not valid.', hint: 'Sign in again.' },
  AUTH_TOKEN_EXPIRED: { status: 401, sentence: 'The token has expired.', hint: 'Sign in again.' },
  AUTH_BAD_CREDENTIALS: {
    status: 401,
    sentence: 'The username or the password is wrong.',
    hint: 'Check both, then try again.',
  },
  FORBIDDEN: { status: 403, sentence: 'Your role does not allow this.', hint: 'Ask an admin for a higher role.' },
  SETTINGS_ADMIN_ONLY: {
    status: 403,
    sentence: 'Only an admin may change the settings of this platform.',
    hint: 'Leave platformSettings as they are, or ask an admin.',
  },
  CERTIFICATE_ADMIN_ONLY: {
    status: 403,
    sentence: 'Only an admin may change the certificate of a connection.',
    hint: 'Leave certificate as it is, or ask an admin.',
  },
  EMBED_REFUSED: {
    status: 403,
    sentence: 'This token is for widgets and does not allow this.',
    hint: 'Have the portal ask for a token with the actions and operations that its page needs.',
  },
  EMBED_ORIGIN_REFUSED: {
    status: 403,
    sentence: 'This token is not for pages of this origin.',
    hint: 'Have the portal name the origin of its page when it asks for the token.',
  },
  CURRENT_PASSWORD_WRONG: {
    status: 403,
    sentence: 'The current password is missing or wrong.',
    hint: 'Give the password that you sign in with as currentPassword.',
  },
  USER_NOT_FOUND: { status: 404, sentence: 'There is no user of this name.', hint: 'Check how the name is written.' },
  ORIGIN_REFUSED: {
    status: 403,
    sentence: 'Pages of this origin may not connect.',
    hint: 'Ask an admin to add the origin to SIGNALBOX_ALLOWED_ORIGINS.',
  },
  NOT_FOUND: { status: 404, sentence: 'There is nothing here.', hint: null },
  METHOD_NOT_ALLOWED: { status: 405, sentence: 'This method is not allowed here.', hint: null },
  CONFLICT: { status: 409, sentence: 'The request conflicts with what is stored.', hint: null },
  USERNAME_TAKEN: { status: 409, sentence: 'There is a user of this name already.', hint: 'Choose another name.' },
  LAST_ADMIN: {
    status: 409,
    sentence: 'This is the last admin.',
    hint: 'Make another user an admin first.',
  },
  USER_OWNS_CONNECTIONS: {
    status: 409,
    sentence: 'The user still owns connections.',
    hint: 'Delete those connections or give them another owner first.',
  },
  CONNECTION_BUSY: {
    status: 409,
    sentence: 'An operation is active on this connection.',
    hint: 'Wait until it has ended, or cancel it.',
  },
  HOST_KEY_MISMATCH: {
    status: 409,
    sentence: 'The host last showed another key than the one you accept.',
    hint: 'Run the SSH test again and compare the fingerprint.',
  },
  CERTIFICATE_NOT_ISSUED: {
    status: 409,
    sentence: 'This certificate was never issued, so there is nothing to revoke.',
    hint: null,
  },
  CERTIFICATE_REVOKED: { status: 409, sentence: 'This certificate is revoked already.', hint: null },
  AUTHORITY_NAME_TAKEN: { status: 409, sentence: 'There is a CA of this name already.', hint: 'Choose another name.' },
  AUTHORITY_BUILT_IN: {
    status: 409,
    sentence: 'A built-in CA cannot be deleted.',
    hint: 'Add a CA of your own and make it the default.',
  },
  AUTHORITY_IS_DEFAULT: {
    status: 409,
    sentence: 'This CA is the default.',
    hint: 'Make another CA the default first.',
  },
  AUTHORITY_IN_USE: {
    status: 409,
    sentence: 'A connection or a stored certificate refers to this CA.',
    hint: 'Choose another CA for those connections; a CA that has issued certificates stays.',
  },
  DNS_CREDENTIAL_NAME_TAKEN: {
    status: 409,
    sentence: 'There is a DNS credential of this name already.',
    hint: 'Choose another name.',
  },
  DNS_CREDENTIAL_IN_USE: {
    status: 409,
    sentence: 'A connection refers to this DNS credential.',
    hint: 'Choose another one for those connections first.',
  },
  OP_BUSY: {
    status: 409,
    sentence: 'This operation is running with other params.',
    hint: 'Wait until it has ended, or cancel it.',
  },
  OP_NOT_CANCELLABLE: { status: 409, sentence: 'The operation can no longer be cancelled.', hint: null },
  OP_NOT_RETRYABLE: {
    status: 409,
    sentence: 'Only an operation that failed or was cancelled can be retried.',
    hint: null,
  },
  PAYLOAD_TOO_LARGE: { status: 413, sentence: 'The request is too large.', hint: null },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, sentence: 'The request is not JSON.', hint: 'Send application/json.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    sentence: 'This Idempotency-Key was used with another request.',
    hint: 'Use a new key for a new request.',
  },
  CERTIFICATE_UNSUPPORTED: {
    status: 422,
    sentence: 'Connections of this platform have no certificates.',
    hint: 'Choose the platform that the host really is, or leave certificate out.',
  },
  DNS_PROVIDER_UNKNOWN: {
    status: 422,
    sentence: 'No plugin brings this DNS provider.',
    hint: 'Choose a name of GET /dns-providers, or load the plugin that brings it.',
  },
  DNS_REFUSED: refusedBy(dnsCodes.DNS_REFUSED),
  DNS_ZONE_UNKNOWN: refusedBy(dnsCodes.DNS_ZONE_UNKNOWN),
  DNS_UNREACHABLE: refusedBy(dnsCodes.DNS_UNREACHABLE),
  DNS_FAILED: refusedBy(dnsCodes.DNS_FAILED),
  TOO_MANY_LOGINS: {
    status: 429,
    sentence: 'Too many failed sign-ins.',
    hint: 'Wait until the time in Retry-After has passed.',
  },
  TOO_MANY_STARTS: {
    status: 429,
    sentence: 'Too many operations were started in the last minute.',
    hint: 'Wait until the time in Retry-After has passed.',
  },
  TOO_MANY_EMBED_TOKENS: {
    status: 429,
    sentence: 'Too many tokens for widgets were made in the last minute.',
    hint: 'Keep each token until it is nearly over, and wait until the time in Retry-After has passed.',
  },
  TOO_MANY_SOCKETS: {
    status: 429,
    sentence: 'Too many live connections are open from this address.',
    hint: 'Close some pages, then try again.',
  },
  INTERNAL: {
    status: 500,
    sentence: 'Signalbox failed to answer.',
    hint: 'The server log says why; it names this request by its id.',
  },
  CA_REFUSED: {
    status: 502,
    sentence: 'The CA did not do it.',
    hint: 'Look at what the CA said.',
  },
  REALTIME_OFF: {
    status: 503,
    sentence: 'The live feed is switched off.',
    hint: 'Poll instead; GET /realtime says how often.',
  },
  UNAVAILABLE: {
    status: 503,
    sentence: 'Signalbox is not ready.',
    hint: 'Try again in a few seconds.',
  },
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof codes;
