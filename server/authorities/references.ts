/** Which connections refer to a CA or to a DNS credential in their certificate settings. */
import type { Knex } from 'knex';
import type { CertificateSettings } from '../certificates/contract.js';

export type Reference = keyof Pick<CertificateSettings, 'authorityId' | 'dnsCredentialId'>;

/** A column that was changed by hand refers to nothing, and must not hide the others. */
function referenceIn(text: string, key: Reference): number | null {
  try {
    const settings = JSON.parse(text) as Partial<CertificateSettings> | null;
    return settings?.[key] ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** How many connections refer to each; what nobody refers to is left out. */
export async function references(knex: Knex, key: Reference): Promise<Map<number, number>> {
  const rows = await knex<{ certificate: string }>('connections').whereNotNull('certificate').select('certificate');
  const counts = new Map<number, number>();
  for (const { certificate } of rows) {
    const id = referenceIn(certificate, key);
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
