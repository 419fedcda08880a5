/** A row of certificates, and what is made of it. The sealed key is not among its columns: see store.ts. */
import type { CertificateChange, CertificateStatus, StoredCertificate } from './contract.js';

export interface CertificateRow {
  id: number;
  connection_id: number;
  authority_id: number;
  operation_id: string;
  status: string;
  names: string;
  key_by: string;
  order_url: string | null;
  csr_pem: string | null;
  chain_pem: string | null;
  serial_number: string | null;
  not_before: string | null;
  not_after: string | null;
  replaces: string | null;
  created_at: string;
  updated_at: string;
}

export const COLUMNS = [
  ...['id', 'connection_id', 'authority_id', 'operation_id', 'status', 'names', 'key_by', 'order_url', 'csr_pem'],
  ...['chain_pem', 'serial_number', 'not_before', 'not_after', 'replaces', 'created_at', 'updated_at'],
];

export function fromRow(row: CertificateRow): StoredCertificate {
  return {
    id: row.id,
    connectionId: row.connection_id,
    authorityId: row.authority_id,
    operationId: row.operation_id,
    status: row.status as CertificateStatus,
    names: JSON.parse(row.names) as string[],
    keyBy: row.key_by as StoredCertificate['keyBy'],
    orderUrl: row.order_url,
    csrPem: row.csr_pem,
    chainPem: row.chain_pem,
    serialNumber: row.serial_number,
    notBefore: row.not_before,
    notAfter: row.not_after,
    replaces: row.replaces,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The columns that a change writes; what is left out stays. */
export function changedColumns(change: Omit<CertificateChange, 'keyPem'>): Record<string, string | null> {
  const columns: Record<string, string | null | undefined> = {
    status: change.status,
    order_url: change.orderUrl,
    csr_pem: change.csrPem,
    chain_pem: change.chainPem,
    serial_number: change.serialNumber,
    not_before: change.notBefore,
    not_after: change.notAfter,
    replaces: change.replaces,
  };
  const given = Object.entries(columns).filter((entry): entry is [string, string | null] => entry[1] !== undefined);
  return Object.fromEntries(given);
}
