/** What the routes of tokens for widgets answer with. */
import type { EmbedScope, EmbedToken } from '../../embed/contract.js';
import { list, moment, oneOf, orNull, record, ref, text, whole } from '../words.js';

const id = text('Names the token, to end it.');
const scope = {
  connections: list(whole('A connection.'), 'The connections that it is for.'),
  operations: orNull(list(text('A type.'), 'The operation types that it is for; null: every type.')),
  actions: list(oneOf(['read', 'start', 'cancel', 'retry'], 'One of them.'), 'What it may do.'),
  origins: list(text('An origin.'), 'The pages that may use it; empty: any.'),
};

export const embedShapes = {
  EmbedBounds: record<EmbedScope & { id: string }>('What a token for widgets is bound to.', { id, ...scope }),
  EmbedToken: record<EmbedToken>('A token for widgets, without the token.', {
    id,
    ...scope,
    createdAt: moment('When it was made.'),
    expiresAt: moment('When it ends.'),
  }),
  EmbedTokens: record<{ tokens: EmbedToken[] }>('Living tokens for widgets.', {
    tokens: list(ref('EmbedToken'), 'The newest first, at most 1,000.'),
  }),
  NewEmbedToken: record<{ token: string; id: string; expiresAt: string }>('A new token for widgets.', {
    token: text('What a widget sends as `Authorization: Bearer <token>`.'),
    id,
    expiresAt: moment('When it ends.'),
  }),
};
