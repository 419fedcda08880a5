/** Whether a database refused a statement for what stands in it. Then nothing of it was stored, which after a lost link nobody knows. */

/** Classes of SQLSTATE: data exception, integrity, transaction rollback (a deadlock between nodes), program limit. */
const POSTGRES = /^(22|23|40|54)[0-9A-Z]{3}$/;
const SQLITE: ReadonlySet<unknown> = new Set([
  'SQLITE_CONSTRAINT',
  'SQLITE_ERROR',
  'SQLITE_MISMATCH',
  'SQLITE_TOOBIG',
  'SQLITE_RANGE',
]);

/** PostgreSQL: appendix A of its manual, "Error Codes". SQLite: its result codes, as the driver names them. */
export function isAboutTheRows(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return SQLITE.has(code) || (typeof code === 'string' && POSTGRES.test(code));
}
