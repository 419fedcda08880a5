/**
 * What each route answers with, beside what its own schemas and its door say already (errors.ts). A path that ends with `*`
 * stands for the routes that plugins bring. Its codes are those of server/problems/codes.ts.
 */
import type { Code } from '../problems/codes.js';
import type { ShapeName } from './shapes/shapes.js';

export interface Answer {
  status: number | '2XX';
  description: string;
  /** The shape of a JSON body. */
  shape?: ShapeName;
  /** The content type of any other body. */
  type?: string;
  headers?: readonly HeaderName[];
}

export interface RouteAnswers {
  answers: readonly Answer[];
  errors?: readonly Code[];
  /** Refuses with 422 and a code that the operation type brings. */
  ofType?: true;
  /** Answers 304 to an If-None-Match of what it would send. */
  tagged?: true;
}

export const headers = {
  ETag: 'Names this very answer, for If-None-Match.',
  Location: 'Where the thing can be read.',
  'Retry-After': 'How many seconds to wait.',
} as const;
export type HeaderName = keyof typeof headers;

const json = (status: number, shape: ShapeName, description: string, ...named: HeaderName[]): Answer => ({
  ...{ status, shape, description },
  ...(named.length > 0 ? { headers: named } : {}),
});
const body = (type: string, description: string): Answer => ({ status: 200, type, description });
const done: Answer = { status: 204, description: 'Done; there is nothing to say.' };

const admins = ['FORBIDDEN'] as const;
const seen = ['NOT_FOUND'] as const;
const used = ['NOT_FOUND', 'FORBIDDEN'] as const;
const started: Code[] = [...used, 'OP_BUSY', 'IDEMPOTENCY_KEY_REUSED', 'TOO_MANY_STARTS'];

const starts = (shape: ShapeName): Answer[] => [
  json(202, shape, 'It was started.', 'Location'),
  json(200, shape, 'It was running already; nothing was started.', 'Location'),
];
const page = (description: string): RouteAnswers => ({
  answers: [json(200, 'OperationPage', description, 'ETag')],
  tagged: true,
});
const file = (type: string, description: string): RouteAnswers => ({
  answers: [{ ...body(type, description), headers: ['ETag'] }],
  tagged: true,
  errors: seen,
});
const document = (type: string, description: string): RouteAnswers => ({
  answers: [{ ...body(type, description), headers: ['ETag'] }],
  tagged: true,
});

export const answers: Record<string, RouteAnswers> = {
  'POST /auth/login': {
    answers: [json(200, 'Session', 'A token.')],
    errors: ['AUTH_BAD_CREDENTIALS', 'TOO_MANY_LOGINS', 'UNAVAILABLE'],
  },
  'POST /auth/renew': { answers: [json(200, 'Session', 'A new token; the old one lives on.')], errors: ['FORBIDDEN'] },
  'POST /auth/logout': { answers: [done] },
  'GET /auth/me': { answers: [json(200, 'Me', 'Who the token is.')] },
  'POST /auth/embed-tokens': {
    answers: [json(201, 'NewEmbedToken', 'The token; it is not shown again.')],
    errors: [...used, 'EMBED_ORIGIN_UNKNOWN', 'EMBED_TYPE_UNKNOWN', 'TOO_MANY_EMBED_TOKENS'],
  },
  'GET /auth/embed-tokens': { answers: [json(200, 'EmbedTokens', 'Your living tokens for widgets.')] },
  'DELETE /auth/embed-tokens/{tokenId}': { answers: [done], errors: seen },

  'GET /users': { answers: [json(200, 'Users', 'The accounts.')], errors: admins },
  'POST /users': {
    answers: [json(201, 'User', 'The new account.')],
    errors: [...admins, 'USERNAME_TAKEN', 'UNAVAILABLE'],
  },
  'PATCH /users/{username}': {
    answers: [json(200, 'User', 'The account as it is now.')],
    errors: [...admins, 'CURRENT_PASSWORD_WRONG', 'USER_NOT_FOUND', 'LAST_ADMIN', 'TOO_MANY_LOGINS', 'UNAVAILABLE'],
  },
  'DELETE /users/{username}': {
    answers: [done],
    errors: [...admins, 'USER_NOT_FOUND', 'LAST_ADMIN', 'USER_OWNS_CONNECTIONS'],
  },

  'GET /connections': { answers: [json(200, 'Connections', 'The connections.')] },
  'POST /connections': {
    answers: [json(201, 'Connection', 'The new connection.', 'Location')],
    errors: ['FORBIDDEN', 'SETTINGS_ADMIN_ONLY', 'CERTIFICATE_ADMIN_ONLY', 'CERTIFICATE_UNSUPPORTED'],
  },
  'GET /connections/{id}': { answers: [json(200, 'Connection', 'The connection.')], errors: seen },
  'PATCH /connections/{id}': {
    answers: [json(200, 'Connection', 'The connection as it is now.')],
    errors: [...used, 'SETTINGS_ADMIN_ONLY', 'CERTIFICATE_ADMIN_ONLY', 'CERTIFICATE_UNSUPPORTED'],
  },
  'DELETE /connections/{id}': { answers: [done], errors: [...used, 'CONNECTION_BUSY'] },
  'POST /connections/{id}/host-key': {
    answers: [json(200, 'Connection', 'The connection with its new key.')],
    errors: [...used, 'HOST_KEY_MISMATCH', 'CERTIFICATE_ADMIN_ONLY'],
  },
  'GET /connections/{id}/grants': { answers: [json(200, 'Grants', 'The grants.')], errors: used },
  'PUT /connections/{id}/grants/{username}': {
    answers: [json(200, 'Grant', 'The grant as it is now.')],
    errors: [...used, 'USER_NOT_FOUND', 'CONFLICT'],
  },
  'DELETE /connections/{id}/grants/{username}': { answers: [done], errors: [...used, 'USER_NOT_FOUND'] },
  'GET /certificates': { answers: [json(200, 'Certificates', 'Where each ends, and when it renews.')] },
  'GET /connections/{id}/certificate': {
    answers: [json(200, 'CertificateView', 'What is wanted, served, stored and planned.')],
    errors: seen,
  },
  'POST /connections/{id}/certificate/look': {
    answers: [json(200, 'CertificateView', 'With what was seen just now.')],
    errors: used,
  },
  'POST /connections/{id}/certificate/revoke': {
    answers: [json(200, 'CertificateView', 'With the revoked certificate.')],
    errors: ['CONNECTION_BUSY', ...used, 'CERTIFICATE_NOT_ISSUED', 'CERTIFICATE_REVOKED', 'CA_REFUSED'],
  },
  'GET /certificate-authorities': {
    answers: [json(200, 'CertificateAuthorities', 'The CAs.')],
    errors: admins,
  },
  'POST /certificate-authorities': {
    answers: [json(201, 'CertificateAuthority', 'The new CA.', 'Location')],
    errors: [...admins, 'AUTHORITY_NAME_TAKEN'],
  },
  'GET /certificate-authorities/{id}': {
    answers: [json(200, 'CertificateAuthority', 'The CA.')],
    errors: used,
  },
  'PATCH /certificate-authorities/{id}': {
    answers: [json(200, 'CertificateAuthority', 'The CA as it is now.')],
    errors: [...used, 'AUTHORITY_NAME_TAKEN', 'AUTHORITY_BUILT_IN'],
  },
  'DELETE /certificate-authorities/{id}': {
    answers: [done],
    errors: [...used, 'AUTHORITY_BUILT_IN', 'AUTHORITY_IS_DEFAULT', 'AUTHORITY_IN_USE'],
  },

  'GET /dns-providers': { answers: [json(200, 'PublishedDnsProviders', 'The DNS providers.')], errors: admins },
  'GET /dns-credentials': { answers: [json(200, 'DnsCredentials', 'The DNS credentials.')], errors: admins },
  'POST /dns-credentials': {
    answers: [json(201, 'DnsCredential', 'The new DNS credential.', 'Location')],
    errors: [...admins, 'DNS_CREDENTIAL_NAME_TAKEN', 'DNS_PROVIDER_UNKNOWN'],
  },
  'GET /dns-credentials/{id}': { answers: [json(200, 'DnsCredential', 'The DNS credential.')], errors: used },
  'PATCH /dns-credentials/{id}': {
    answers: [json(200, 'DnsCredential', 'The DNS credential as it is now.')],
    errors: [...used, 'DNS_CREDENTIAL_NAME_TAKEN', 'DNS_PROVIDER_UNKNOWN'],
  },
  'DELETE /dns-credentials/{id}': { answers: [done], errors: [...used, 'DNS_CREDENTIAL_IN_USE'] },
  'POST /dns-credentials/{id}/check': {
    answers: [json(200, 'DnsCheck', 'It works.')],
    errors: [
      ...used,
      ...(['DNS_PROVIDER_UNKNOWN', 'DNS_REFUSED', 'DNS_ZONE_UNKNOWN', 'DNS_UNREACHABLE', 'DNS_FAILED'] as const),
    ],
  },
  'GET /platforms': { answers: [json(200, 'PublishedPlatforms', 'The platforms.')] },

  'GET /operations/types': { answers: [json(200, 'PublishedTypes', 'The operation types.')] },
  'GET /operations': page('The operations.'),
  'GET /connections/{id}/operations': { ...page('The operations.'), errors: seen },
  'GET /connections/{id}/operations/{operationId}': {
    answers: [json(200, 'Operation', 'The operation.')],
    errors: seen,
  },
  'GET /connections/{id}/operations/{operationId}/log': {
    answers: [json(200, 'LogChunk', 'The lines after `after`.')],
    errors: seen,
  },
  'POST /connections/{id}/operations/{operationId}/cancel': {
    answers: [json(202, 'Operation', 'It was asked to stop.')],
    errors: [...used, 'OP_NOT_CANCELLABLE'],
  },
  'POST /connections/{id}/operations/{operationId}/retry': {
    answers: starts('StartAnswer'),
    errors: [...started, 'OP_NOT_RETRYABLE'],
  },
  'POST /connections/{id}/operations/*': { answers: starts('StartAnswer'), errors: started, ofType: true },
  'POST /api/data/{id}/*': { answers: starts('PlannedAnswer'), errors: started, ofType: true },

  'GET /settings': { answers: [json(200, 'Settings', 'What counts now, and where it comes from.')], errors: admins },
  'PATCH /settings': { answers: [json(200, 'Settings', 'What counts from now on.')], errors: admins },
  'GET /audit': { answers: [json(200, 'AuditPage', 'A page of the log.')], errors: admins },
  'GET /realtime': { answers: [json(200, 'Realtime', 'How to follow.')] },
  'GET /metrics': { answers: [body('text/plain', 'The numbers.')], errors: admins },
  'GET /.well-known/acme-challenge/{token}': {
    answers: [body('text/plain', 'The answer to the challenge.')],
    errors: seen,
  },
  'GET /healthz': { answers: [json(200, 'Health', 'It answers.')] },
  'GET /readyz': {
    answers: [json(200, 'Readiness', 'It can take work.'), json(503, 'Readiness', 'It cannot, or not yet.')],
  },
  'GET /openapi.json': document('application/json', 'The document.'),
  'GET /asyncapi.json': document('application/json', 'The document.'),
  'GET /docs': document('text/html', 'The page.'),
  'GET /': file('text/html', 'The page.'),
  'GET /console/{file}': file('*/*', 'The file.'),
  'GET /elements/v1/{file}': file('*/*', 'The file.'),
};

/** Nothing more is known of a route that a plugin brought by itself. */
const unknown: RouteAnswers = { answers: [{ status: '2XX', description: 'What the plugin answers.' }] };

/** What is known of a route's answers; `method` in capitals. */
export function answersOf(method: string, path: string): RouteAnswers {
  const exact = `${method} ${path}`;
  return answers[exact] ?? answers[exact.replace(/[^/]+$/, '*')] ?? unknown;
}
