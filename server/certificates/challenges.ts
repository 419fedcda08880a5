/** The table of challenges: what was put up for a CA to look at, and whether it was taken away again. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';
import type { ChallengeKind, ChallengeStore, PlacedChallenge } from './contract.js';

interface ChallengeRow {
  id: number;
  operation_id: string;
  connection_id: number;
  certificate_id: number;
  kind: string;
  name: string;
  value: string;
  dns_credential_id: number | null;
}

/** A row with the moment of its last note, by which a later note is told from the one that was read. */
export interface LeftChallenge extends PlacedChallenge {
  placedAt: string;
}

const COLUMNS = ['id', 'operation_id', 'connection_id', 'certificate_id', 'kind', 'name', 'value', 'dns_credential_id'];
const ACTIVE = ['pending', 'in_progress'];

const now = (knex: Knex) => knex.raw(dialectOf(knex).now());

const fromRow = (row: ChallengeRow): PlacedChallenge => ({
  id: row.id,
  operationId: row.operation_id,
  connectionId: row.connection_id,
  certificateId: row.certificate_id,
  kind: row.kind as ChallengeKind,
  name: row.name,
  value: row.value,
  dnsCredentialId: row.dns_credential_id,
});

async function note(knex: Knex, challenge: Omit<PlacedChallenge, 'id'>): Promise<PlacedChallenge> {
  const { kind, name, value } = challenge;
  const holder = {
    operation_id: challenge.operationId,
    connection_id: challenge.connectionId,
    dns_credential_id: challenge.dnsCredentialId,
    placed_at: now(knex),
    removed_at: null,
  };
  const [row] = await knex('challenges')
    .insert({ certificate_id: challenge.certificateId, kind, name, value, ...holder })
    .onConflict(['certificate_id', 'kind', 'name', 'value'])
    // Once more is up again: an operation that goes on places what an earlier run had taken away.
    .merge(holder)
    .returning<ChallengeRow[]>(COLUMNS);
  if (!row) throw new Error('The noted challenge is not there.');
  return fromRow(row);
}

async function ofConnection(knex: Knex, connectionId: number): Promise<PlacedChallenge[]> {
  const rows = await knex<ChallengeRow>('challenges')
    .where({ connection_id: connectionId })
    .whereNull('removed_at')
    .orderBy('id')
    .select<ChallengeRow[]>(COLUMNS);
  return rows.map(fromRow);
}

export function challengeStore(knex: Knex): ChallengeStore {
  return {
    note: (challenge) => note(knex, challenge),
    ofConnection: (connectionId) => ofConnection(knex, connectionId),
    async removed(id) {
      await knex('challenges')
        .where({ id })
        .whereNull('removed_at')
        .update({ removed_at: now(knex) });
    },
  };
}

/** What http-01 shows for a token; null where nothing is up. One look at idx_challenges_name. */
export async function answerTo(knex: Knex, token: string): Promise<string | null> {
  const row = await knex<ChallengeRow>('challenges')
    .where({ name: token, kind: 'http-01' })
    .whereNull('removed_at')
    .first('value');
  return row?.value ?? null;
}

/** What is still up though no operation is active on its connection. */
const left = (knex: Knex) =>
  knex('challenges')
    .whereNull('removed_at')
    .whereNotExists(
      knex('active_operations')
        .whereIn('status', ACTIVE)
        .where((either) =>
          either
            .where('active_operations.connection_id', knex.ref('challenges.connection_id'))
            .orWhere('active_operations.id', knex.ref('challenges.operation_id')),
        )
        .select('active_operations.id'),
    )
    // A file can only be taken away on its host, by the next operation there; of a connection that is gone, by nobody.
    .where((either) =>
      either
        .whereNot('kind', 'http-01-host')
        .orWhereNotExists(
          knex('connections').where('connections.id', knex.ref('challenges.connection_id')).select('connections.id'),
        ),
    );

/** The ids of some that are left behind, in a random order: those that fail again and again must not stand before the rest. */
export async function leftBehind(knex: Knex, limit: number): Promise<number[]> {
  const rows = await left(knex).orderByRaw('random()').limit(limit).select<{ id: number }[]>('id');
  return rows.map(({ id }) => id);
}

/** One of them as it stands now; null where it is gone, or an operation has begun on its connection. */
export async function stillLeft(knex: Knex, id: number): Promise<LeftChallenge | null> {
  const [row] = await left(knex)
    .where({ id })
    .select<(ChallengeRow & { placed_at: string })[]>([...COLUMNS, 'placed_at']);
  return row ? { ...fromRow(row), placedAt: row.placed_at } : null;
}

/** Marks it as removed; `wanted_again` where it was noted again since it was read, and stays up. */
export async function settle(
  knex: Knex,
  { id, operationId, placedAt }: LeftChallenge,
): Promise<'settled' | 'wanted_again'> {
  const marked = await knex('challenges')
    .where({ id, operation_id: operationId, placed_at: placedAt })
    .update({ removed_at: now(knex) });
  if (marked > 0) return 'settled';
  const up = await knex<ChallengeRow>('challenges').where({ id }).whereNull('removed_at').first('id');
  return up ? 'wanted_again' : 'settled';
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Deletes rows that were removed long ago. */
export async function forgetRemoved(knex: Knex): Promise<void> {
  await knex('challenges')
    .where('removed_at', '<', knex.raw(dialectOf(knex).now(-KEPT_MS)))
    .delete();
}
