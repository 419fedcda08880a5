/** What a database says where a row that another one points at is missing, or is still pointed at. */

/** SQLite has one code for all constraints and tells them apart only in its message. */
export function isForeignKeyViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return code === '23503' || (code === 'SQLITE_CONSTRAINT' && error.message.includes('FOREIGN KEY constraint failed'));
}
