/** The table of certificates; each function is one statement or one transaction. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';
import type { Vault } from '../keys/vault.js';
import type { CertificateChange, CertificateStore, StoredCertificate } from './contract.js';
import { changedColumns, COLUMNS, fromRow, type CertificateRow } from './row.js';
import { amongConnections, byConnection } from './of-connections.js';
import { assertMove, IN_USE } from './status.js';

const keyContext = (id: number) => `certificates|${id}|key`;
const now = (knex: Knex) => knex.raw(dialectOf(knex).now());
const rows = (knex: Knex) => knex<CertificateRow>('certificates').select<CertificateRow[]>(...COLUMNS);

async function find(knex: Knex, id: number): Promise<StoredCertificate | null> {
  const [row] = await rows(knex).where({ id });
  return row ? fromRow(row) : null;
}

/** A connection's certificates, newest first, at most so many. */
export async function listCertificates(
  knex: Knex,
  connectionId: number,
  limit: number | null = null,
): Promise<StoredCertificate[]> {
  const query = rows(knex).where({ connection_id: connectionId }).orderBy('id', 'desc');
  if (limit !== null) query.limit(limit);
  return (await query).map(fromRow);
}

/** Those of many connections that a CA has issued and no later one has replaced, newest first; without their PEM texts. */
export async function certificatesInUse(knex: Knex, ids: readonly number[]): Promise<Map<number, StoredCertificate[]>> {
  const columns = COLUMNS.filter((column) => !column.endsWith('_pem'));
  const found = await knex<CertificateRow>('certificates')
    .where(amongConnections(knex, ids))
    .whereIn('status', IN_USE)
    .orderBy('id', 'desc')
    .select<CertificateRow[]>(...columns);
  return byConnection(found, (row) => fromRow({ ...row, csr_pem: null, chain_pem: null }));
}

type Plan = Parameters<CertificateStore['plan']>[0];

async function plan(knex: Knex, wanted: Plan): Promise<StoredCertificate> {
  const [row] = await knex('certificates')
    .insert({
      connection_id: wanted.connectionId,
      authority_id: wanted.authorityId,
      operation_id: wanted.operationId,
      status: 'planned',
      names: JSON.stringify(wanted.names),
      key_by: wanted.keyBy,
      replaces: wanted.replaces,
      ...{ created_at: now(knex), updated_at: now(knex) },
    })
    .returning<CertificateRow[]>(COLUMNS);
  if (!row) throw new Error('The inserted certificate is not there.');
  return fromRow(row);
}

// Once the CA may have the CSR, another key would lose the one that the certificate belongs to.
function assertKey({ id, status, keyBy }: StoredCertificate): void {
  if (keyBy === 'device') throw new Error(`certificate ${id}: expected the device to keep its key, got one to store`);
  if (status !== 'planned') throw new Error(`certificate ${id}: expected a key while it is planned, got one ${status}`);
}

/** Two that become served at once do so one after the other; SQLite has one writer anyway. */
async function holdConnection(trx: Knex, id: number): Promise<void> {
  if (dialectOf(trx).name !== 'postgres') return;
  const connection = trx('certificates').where({ id }).select('connection_id');
  await trx('connections').where('id', connection).forNoKeyUpdate().select('id');
}

/** What was served until now is so no longer, whenever it was planned; of installed ones only the earlier are outrun. */
async function supersede(trx: Knex, { id, connectionId }: StoredCertificate): Promise<void> {
  await trx('certificates')
    .where({ connection_id: connectionId })
    .whereNot({ id })
    .where((either) => either.where('status', 'served').orWhere({ status: 'installed' }).andWhere('id', '<', id))
    .update({ status: 'superseded', updated_at: now(trx) });
}

function sealedKey(vault: Vault, before: StoredCertificate, keyPem: string | undefined): { key_sealed?: string } {
  if (keyPem === undefined) return {};
  assertKey(before);
  return { key_sealed: vault.seal(keyPem, keyContext(before.id)) };
}

function change(knex: Knex, vault: Vault, id: number, wanted: CertificateChange): Promise<StoredCertificate> {
  const { keyPem, ...rest } = wanted;
  return knex.transaction(async (trx) => {
    if (rest.status === 'served') await holdConnection(trx, id);
    // The write comes first: it holds the row, so that what is read next is still true when it is changed.
    await trx('certificates')
      .where({ id })
      .update({ updated_at: now(trx) });
    const before = await find(trx, id);
    if (!before) throw new Error(`Certificate ${id} is gone.`);
    if (rest.status) assertMove(before, rest.status);
    const columns = { ...changedColumns(rest), ...sealedKey(vault, before, keyPem) };
    if (Object.keys(columns).length > 0) await trx('certificates').where({ id }).update(columns);
    if (rest.status === 'served') await supersede(trx, before);
    const after = await find(trx, id);
    if (!after) throw new Error(`Certificate ${id} is gone.`);
    return after;
  });
}

async function openKey(knex: Knex, vault: Vault, id: number): Promise<string | null> {
  const row = await knex<{ id: number; key_sealed: string | null }>('certificates').where({ id }).first('key_sealed');
  if (!row) throw new Error(`Certificate ${id} is gone.`);
  return row.key_sealed === null ? null : vault.open(row.key_sealed, keyContext(id));
}

export function certificateStore(knex: Knex, vault: Vault): CertificateStore {
  return {
    plan: (wanted) => plan(knex, wanted),
    find: (id) => find(knex, id),
    ofConnection: (connectionId) => listCertificates(knex, connectionId),
    change: (id, wanted) => change(knex, vault, id, wanted),
    openKey: (id) => openKey(knex, vault, id),
  };
}
