/** What the routes of sessions, accounts and the audit log answer with. */
import type { AuditRecord } from '../../audit/record.js';
import type { UserRecord } from '../../auth/users.js';
import { anything, flag, list, moment, oneOf, orNull, record, ref, text, whole } from '../words.js';

type Person = Pick<UserRecord, 'username' | 'role'>;
type User = Pick<UserRecord, 'username' | 'role' | 'createdAt' | 'updatedAt'>;

const username = text('The name of the account.');
const role = oneOf(['viewer', 'operator', 'admin'], 'Viewers read, operators also start, admins manage.');

export const accountShapes = {
  Person: record<Person>('An account, in short.', { username, role }),
  Session: record<{ token: string; expiresAt: string; user: Person }>('A new token.', {
    token: text('Send it as `Authorization: Bearer <token>`.'),
    expiresAt: moment('When it ends.'),
    user: ref('Person'),
  }),
  Me: record<{ user: Person; token: object; may: object }>('Who the token is and what it may do.', {
    user: ref('Person'),
    token: record<{ issuer: string; expiresAt: string; embed: object }>(
      'The token itself.',
      {
        issuer: text('Who made it: Signalbox (signalbox:embed for widgets), or a portal.'),
        expiresAt: moment('When it ends.'),
        embed: ref('EmbedBounds'),
      },
      ['embed'],
    ),
    may: record<Record<'createConnections' | 'startOperations' | 'manageUsers' | 'seeAll' | 'renew', boolean>>(
      'What it may do.',
      {
        createConnections: flag('Add connections.'),
        startOperations: flag('Start operations on connections that it may use.'),
        manageUsers: flag('Manage accounts.'),
        seeAll: flag('See every connection.'),
        renew: flag('Be renewed here.'),
      },
    ),
  }),
  User: record<User>('An account.', {
    username,
    role,
    createdAt: moment('When it was made.'),
    updatedAt: moment('When it was last changed.'),
  }),
  Users: record<{ users: User[] }>('The accounts.', { users: list(ref('User'), 'By name.') }),
  AuditEntry: record<AuditRecord>('Who did what, when, from where, with which outcome.', {
    id: whole('Counts the entries.'),
    at: moment('When it happened.'),
    actor: orNull(text('Who did it.')),
    address: orNull(text('From which address.')),
    action: text('What was done, such as connection.update.'),
    target: orNull(text('To what, such as connection:7.')),
    outcome: oneOf(['ok', 'refused', 'failed'], 'How it ended.'),
    operationId: orNull(text('The operation that it started or changed.')),
    detail: orNull(anything('What else there is to say; never a secret.')),
  }),
  AuditPage: record<{ entries: AuditRecord[]; next: string | null }>('A page of the audit log, newest first.', {
    entries: list(ref('AuditEntry'), 'The entries.'),
    next: orNull(text('What the next page takes as `before`; null where this is the last one.')),
  }),
};
