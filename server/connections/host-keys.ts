/** The pinned host key: the first one is kept, another one only by a person's word. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';
import type { HostKey } from './contract.js';
import type { StoredConnection } from './row.js';
import { findConnection } from './store.js';

interface ShownKey {
  type: string;
  fingerprint: string;
}

const now = (knex: Knex) => knex.raw(dialectOf(knex).now());

/**
 * Pins the key where none is pinned yet; answers with the key that is pinned now, which is another one where somebody
 * was first. Throws where the connection is gone.
 */
export async function pinFirstHostKey(knex: Knex, id: number, { type, fingerprint }: ShownKey): Promise<HostKey> {
  await knex('connections')
    .where({ id })
    .whereNull('host_key_fingerprint')
    .update({
      host_key_type: type,
      host_key_fingerprint: fingerprint,
      host_key_pinned_at: now(knex),
      updated_at: now(knex),
    });
  const pinned = (await findConnection(knex, id))?.hostKey;
  if (!pinned) throw new Error(`Connection ${id} is gone.`);
  return pinned;
}

/** Remembers a key that the host showed instead of the pinned one, so that a person can accept it. */
export async function rememberOfferedKey(knex: Knex, id: number, { type, fingerprint }: ShownKey): Promise<void> {
  await knex('connections')
    .where({ id })
    .whereNot('host_key_fingerprint', fingerprint)
    .update({
      offered_key_type: type,
      offered_key_fingerprint: fingerprint,
      offered_key_at: now(knex),
    });
}

/** What becomes of a key that a host shows: the first is pinned, another one remembered. Answers with the pinned one. */
export async function meetHostKey(knex: Knex, id: number, key: ShownKey): Promise<HostKey> {
  const pinned = await pinFirstHostKey(knex, id, key);
  if (pinned.fingerprint !== key.fingerprint) await rememberOfferedKey(knex, id, key);
  return pinned;
}

export interface Acceptance {
  accepted: boolean;
  before: StoredConnection;
  after: StoredConnection;
}

/** Pins the offered key if it still is the one that the person means; null where the connection is gone. */
export function acceptOfferedKey(knex: Knex, id: number, fingerprint: string): Promise<Acceptance | null> {
  return knex.transaction(async (trx) => {
    const offered = { id, offered_key_fingerprint: fingerprint };
    await trx('connections')
      .where(offered)
      .update({ updated_at: now(trx) });
    const before = await findConnection(trx, id);
    const accepted = await trx('connections')
      .where(offered)
      .update({
        host_key_type: trx.ref('offered_key_type'),
        host_key_fingerprint: trx.ref('offered_key_fingerprint'),
        host_key_pinned_at: now(trx),
        ...{ offered_key_type: null, offered_key_fingerprint: null, offered_key_at: null },
      });
    const after = await findConnection(trx, id);
    return before && after && { accepted: accepted > 0, before, after };
  });
}
